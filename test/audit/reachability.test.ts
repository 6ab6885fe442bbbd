import { describe, expect, it } from "vitest";
import { type Namespace, reachabilityVerdict } from "../../cli/audit/docker/reachability.ts";
import type { AuditedNetwork } from "../../cli/audit/docker/view.ts";
import { namespaceObstacle } from "../../cli/audit/namespace/reach.ts";
import type { Listener } from "../../cli/sockets/listeners.ts";

const NETWORKS: AuditedNetwork[] = [
    { name: "app", driver: "overlay", internal: true, subnets: ["10.0.5.0/24", "fd00:5::/64"] },
    { name: "egress", driver: "overlay", internal: false, subnets: ["10.0.6.0/24"] },
    { name: "ingress", driver: "overlay", internal: false, subnets: ["10.0.0.0/24"] },
    { name: "closed", driver: "bridge", internal: true, subnets: ["172.18.0.0/16"] },
    { name: "bridge", driver: "bridge", internal: false, subnets: ["172.17.0.0/16"] },
    { name: "docker_gwbridge", driver: "bridge", internal: false, subnets: ["172.19.0.0/16"] },
];

function listener(address: string, port = 8080, protocol: Listener["protocol"] = "tcp"): Listener {
    return { protocol, address, port, inode: 1 };
}

function judge(networks: string[], namespace: Namespace, sharesHostNetwork = false) {
    return reachabilityVerdict({ sharesHostNetwork, networks }, namespace, NETWORKS);
}

describe("a container of the stack", () => {
    it.each<[string, string[], Namespace, string]>([
        [
            "listens on every address of internal overlay networks",
            ["app"],
            { listeners: [listener("::")], addresses: ["10.0.5.3", "fd00:5::3"] },
            "tcp 8080 inside app",
        ],
        [
            "listens on loopback alone, though it has a leg outside",
            ["app", "egress"],
            { listeners: [listener("127.0.0.1"), listener("127.0.0.11", 41_000, "udp")], addresses: ["172.19.0.4"] },
            "listens on loopback only",
        ],
        [
            "listens at its address in an overlay network, though it has a leg outside",
            ["egress"],
            { listeners: [listener("10.0.6.3")], addresses: ["10.0.6.3", "172.19.0.4"] },
            "tcp 8080 inside egress",
        ],
        [
            "awaits answers over QUIC",
            ["egress"],
            { listeners: [listener("::", 40_000, "udp")], addresses: ["10.0.6.3", "172.19.0.4"] },
            "listens on loopback only",
        ],
        [
            "listens on an internal bridge",
            ["closed"],
            { listeners: [listener("0.0.0.0")], addresses: ["172.18.0.2"] },
            "tcp 8080 inside closed",
        ],
    ])("is well when it %s", (_, networks, namespace, detail) => {
        expect(judge(networks, namespace)).toEqual({ ok: true, detail });
    });

    it("serves figures on every address, where the stack declares them, and says so", () => {
        const addresses = ["10.0.5.3", "10.0.6.3", "172.19.0.4"];
        const figures = { listeners: [listener("::", 20_241)], addresses };
        expect(judge(["app", "egress"], { ...figures, metricsPort: 20_241 })).toEqual({
            ok: true,
            detail: "tcp 20241 inside app, egress; figures, as the stack declares, also tcp 20241 at 172.19.0.4 (docker_gwbridge)",
        });
        // Undeclared, at another port, or on a bridge that Swarm did not make for the way out.
        expect(judge(["app", "egress"], figures).ok).toBe(false);
        expect(judge(["app", "egress"], { ...figures, metricsPort: 20_242 }).ok).toBe(false);
        expect(judge(["bridge"], { ...figures, addresses: ["172.17.0.2"], metricsPort: 20_241 }).ok).toBe(false);
        const besides = { listeners: [...figures.listeners, listener("::", 9_000)], addresses, metricsPort: 20_241 };
        expect(judge(["app", "egress"], besides)).toEqual({
            ok: false,
            detail: "can be reached from outside: tcp 9000 at 172.19.0.4 (docker_gwbridge)",
        });
    });

    it.each<[string, string[], Namespace, RegExp]>([
        [
            "listens on every address with a leg on docker_gwbridge",
            ["app", "egress"],
            { listeners: [listener("::")], addresses: ["10.0.5.3", "10.0.6.3", "172.19.0.4"] },
            /: tcp 8080 at 172\.19\.0\.4 \(docker_gwbridge\)$/,
        ],
        [
            "listens at that very address",
            ["egress"],
            { listeners: [listener("172.19.0.4", 53, "udp")], addresses: ["10.0.6.3", "172.19.0.4"] },
            /udp 53 at 172\.19\.0\.4/,
        ],
        [
            "listens on Swarm's ingress network",
            ["ingress", "app"],
            { listeners: [listener("0.0.0.0")], addresses: ["10.0.0.9", "10.0.5.3"] },
            /tcp 8080 at 10\.0\.0\.9 \(ingress\)/,
        ],
        [
            "listens on an ordinary bridge",
            ["bridge"],
            { listeners: [listener("::")], addresses: ["172.17.0.2"] },
            /tcp 8080 at 172\.17\.0\.2 \(bridge\)/,
        ],
        [
            "listens on an internal network that Docker says it is not attached to",
            ["egress"],
            { listeners: [listener("::")], addresses: ["10.0.5.3"] },
            /tcp 8080 at 10\.0\.5\.3 \(app\)/,
        ],
        [
            "has an address that no network of Docker's has",
            ["app"],
            { listeners: [listener("::")], addresses: ["192.0.2.7"] },
            /tcp 8080 at 192\.0\.2\.7 \(no network of Docker's\)/,
        ],
    ])("is ill when it %s", (_, networks, namespace, detail) => {
        expect(judge(networks, namespace)).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
    });

    it("is ill when it has no network namespace of its own, whatever listens in it", () => {
        expect(judge(["host"], { listeners: [], addresses: [] }, true)).toMatchObject({ ok: false });
    });
});

describe("the network namespaces of containers", () => {
    const here = {
        host: { platform: "linux", root: true },
        endpoint: "unix:///var/run/docker.sock",
        operatingSystem: "Debian GNU/Linux 12 (bookworm)",
    } as const;

    it("are entered by root on the engine's own Linux", () => {
        expect(namespaceObstacle(here)).toBeUndefined();
    });

    it.each([
        ["another machine", { ...here, endpoint: "ssh://deploy@swarm.example.com:22" }, /on another machine \(ssh:/],
        ["a virtual machine", { ...here, operatingSystem: "Docker Desktop" }, /virtual machine/],
        ["a Mac", { ...here, host: { platform: "darwin", root: true } }, /virtual machine/],
        ["another user's", { ...here, host: { platform: "linux", root: false } }, /run the audit as root/],
    ] as const)("are out of reach on %s, which is said", (_, access, reason) => {
        expect(namespaceObstacle(access)).toMatch(reason);
    });
});

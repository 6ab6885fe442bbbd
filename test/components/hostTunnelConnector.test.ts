import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { HostConnectorKind, HostTunnelConnector, type HostTunnelConnectorArgs } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { CREDENTIALS, TUNNEL } from "./fixtures.ts";

const args: HostTunnelConnectorArgs = { tunnelId: TUNNEL, credentials: CREDENTIALS, origins: ["10.0.0.5", "FD00::5"] };

async function made(changes: Partial<HostTunnelConnectorArgs> = {}) {
    const { result, error, resource } = await deploy(() => new HostTunnelConnector("db-1", { ...args, ...changes }));
    expect(error).toBeUndefined();
    const connector = result as HostTunnelConnector;
    const files = await promiseOf(connector.files);
    const unit = files[0]?.content ?? "";
    const values = (key: string) =>
        unit.split("\n").flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
    return { connector, files, unit, values, inputs: resource("sallyport:index:HostTunnelConnector", "db-1") };
}

describe("HostTunnelConnector", () => {
    it("runs cloudflared with credentials that only root can read, and that stand nowhere else", async () => {
        const { connector, unit, files, values, inputs } = await made();
        expect(files.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([
            ["/etc/systemd/system/sallyport-db-1.service", "0644", "0:0"],
        ]);
        expect(await promiseOf(connector.start)).toContain("systemctl enable sallyport-db-1");
        expect(values("ExecStart")).toEqual([
            `/usr/local/bin/cloudflared tunnel run --credentials-file %d/credentials.json ${TUNNEL}`,
        ]);
        expect(values("LoadCredential")).toEqual(["credentials.json:/etc/sallyport/db-1/credentials.json"]);
        expect(await promiseOf(connector.secretFiles)).toEqual([
            { path: "/etc/sallyport/db-1/credentials.json", mode: "0400", owner: "0:0", content: CREDENTIALS },
        ]);
        expect(await pulumi.isSecret(connector.secretFiles)).toBe(true);
        expect(await pulumi.isSecret(connector.files)).toBe(false);
        expect(unit).not.toContain(JSON.parse(CREDENTIALS).TunnelSecret);
        expect(inputs.secrets).toContain("credentials");
    });

    it("reaches the named origins, the resolver and the edge, and nothing else", async () => {
        const { values } = await made();
        expect(values("IPAddressDeny")).toEqual(["any"]);
        const allowed = values("IPAddressAllow");
        expect(allowed.slice(0, 3)).toEqual(["10.0.0.5/32", "fd00::5/128", "127.0.0.53/32"]);
        expect(allowed).toContain("198.41.128.0/17");
        expect(allowed).not.toContain("127.0.0.1/32");
        const own = await made({ resolvers: ["10.0.0.2"], edgeRanges: ["192.0.2.0/24"], origins: ["127.0.0.1"] });
        expect(own.values("IPAddressAllow")).toEqual(["127.0.0.1/32", "10.0.0.2/32", "192.0.2.0/24"]);
    });

    it("runs as nobody in particular, and can write, gain or bind nothing", async () => {
        const { values } = await made();
        for (const key of ["DynamicUser", "NoNewPrivileges", "PrivateUsers", "ProtectHome", "MemoryDenyWriteExecute"]) {
            expect(values(key), key).toEqual(["yes"]);
        }
        expect(values("ProtectSystem")).toEqual(["strict"]);
        expect(values("CapabilityBoundingSet")).toEqual([""]);
        expect(values("SocketBindDeny")).toEqual(["any"]);
        expect(values("SocketBindAllow")).toEqual(["tcp:20241", "udp"]);
        expect(values("SystemCallFilter")).toEqual(["@system-service", "~@privileged @resources"]);
    });

    it("has the rules of a locally managed tunnel beside it", async () => {
        const { files, values } = await made({ configFile: '{"ingress":[]}', executable: "/opt/cloudflared" });
        const path = "/etc/sallyport/db-1/config.json";
        expect(files[1]).toEqual({ path, mode: "0644", owner: "0:0", content: '{"ingress":[]}' });
        expect(values("ExecStart")[0]).toContain(
            "/opt/cloudflared tunnel --config /etc/sallyport/db-1/config.json run",
        );
    });

    it("as a container is alone on a bridge of its own, with a firewall that stands before it starts", async () => {
        const { connector, files } = await made({ kind: HostConnectorKind.Container, configFile: '{"ingress":[]}' });
        const [compose, firewall, rules] = files;
        const { services, networks } = JSON.parse(compose?.content ?? "");
        expect(services.connector).toMatchObject({
            command: [
                "tunnel",
                "--config",
                "/run/sallyport/config.json",
                "run",
                "--credentials-file",
                "/run/sallyport/credentials.json",
                TUNNEL,
            ],
            user: "65532:65532",
            read_only: true,
            cap_drop: ["ALL"],
            networks: ["way-out"],
        });
        expect(services.connector).not.toHaveProperty("ports");
        expect(networks["way-out"].driver_opts).toEqual({ "com.docker.network.bridge.name": "sp-db-1" });
        const allowed = (firewall?.content ?? "")
            .split("\n")
            .filter((line) => line.endsWith("accept") && line.includes("daddr"));
        expect(allowed.map((line) => line.trim()).slice(0, 3)).toEqual([
            "ip daddr { 10.0.0.5/32 } accept",
            "ip6 daddr { fd00::5/128 } accept",
            "ip daddr { 127.0.0.53/32 } th dport 53 accept",
        ]);
        expect(firewall?.content).toContain('iifname "sp-db-1" jump reaches');
        expect(rules?.path).toBe("/etc/sallyport/db-1/config.json");
        expect(await promiseOf(connector.secretFiles)).toMatchObject([{ owner: "65532:65532", mode: "0400" }]);
        expect(await promiseOf(connector.start)).toMatch(/^nft -f \S+ && docker compose/);
    });

    it("as a container has no loopback of the machine's", async () => {
        const { error } = await deploy(
            () =>
                new HostTunnelConnector("db-1", { ...args, kind: HostConnectorKind.Container, origins: ["127.0.0.1"] }),
        );
        expect(problemsOf(error)).toEqual({ "origins[0]": expect.stringMatching(/the container's own loopback/) });
    });

    it("refuses every mistake at once, and tells no secret", async () => {
        const { error, resources } = await deploy(
            () =>
                new HostTunnelConnector("db 1", {
                    tunnelId: "edge",
                    credentials: "s3cr3t",
                    configFile: " ",
                    origins: [],
                    resolvers: ["one"],
                    executable: "cloudflared --no",
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "configFile",
            "credentials",
            "executable",
            "name",
            "origins",
            "resolvers[0]",
            "tunnelId",
        ]);
        expect(String(error)).not.toContain("s3cr3t");
        expect(resources).toEqual([]);
    });
});

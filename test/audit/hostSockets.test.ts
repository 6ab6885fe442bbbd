import { describe, expect, it } from "vitest";
import {
    comparedVerdict,
    type HostListener,
    ownVerdict,
    publishes,
    unseenSockets,
} from "../../cli/audit/host/hostVerdict.ts";

const EMULATOR = { pid: 70, name: "node" };
const LOCAL = {
    before: [{ protocol: "tcp", address: "0.0.0.0", port: 22 } as const],
    emulatorPid: EMULATOR.pid,
    edge: ["172.19.0.1:7844", "172.19.0.1:7845", "172.19.0.1:7848"],
};

function socket(
    address: string,
    port: number,
    owner?: HostListener["owner"],
    protocol: "tcp" | "udp" = "tcp",
): HostListener {
    return { protocol, address, port, inode: port, owner };
}

describe("a machine with the local environment", () => {
    it("is as before when it has what it had, loopback, the edge and the overlay networks' port, which are named", () => {
        const listeners = [
            socket("0.0.0.0", 22, { pid: 1, name: "sshd" }),
            socket("127.0.0.1", 8443, EMULATOR),
            socket("::1", 3000, { pid: 9, name: "vite" }),
            socket("172.19.0.1", 7844, EMULATOR),
            socket("172.19.0.1", 7848, EMULATOR),
            socket("0.0.0.0", 4789, undefined, "udp"),
        ];
        expect(comparedVerdict(listeners, LOCAL)).toEqual({
            ok: true,
            detail: "as before, and the edge at 172.19.0.1 (7844, 7848), and udp 4789 of the overlay networks",
        });
    });

    it.each<[string, HostListener, string]>([
        ["a new TCP listener", socket("0.0.0.0", 3000, { pid: 9, name: "vite" }), "tcp 0.0.0.0:3000 (vite, process 9)"],
        ["one of another user's", socket("::", 3000), "tcp [::]:3000 (a process that is not to be seen)"],
        [
            "the emulator beyond loopback and the bridge",
            socket("0.0.0.0", 8787, EMULATOR),
            "tcp 0.0.0.0:8787 (node, process 70)",
        ],
        [
            "the emulator where something else listened before",
            socket("0.0.0.0", 22, EMULATOR),
            "tcp 0.0.0.0:22 (node, process 70)",
        ],
        [
            "a stranger at the edge's address",
            socket("172.19.0.1", 7848, { pid: 9, name: "nginx" }),
            "tcp 172.19.0.1:7848 (nginx, process 9)",
        ],
        [
            "the emulator at the edge's address, but another port",
            socket("172.19.0.1", 443, EMULATOR),
            "tcp 172.19.0.1:443 (node, process 70)",
        ],
        [
            "a published UDP port",
            socket("0.0.0.0", 53, { pid: 8, name: "docker-proxy" }, "udp"),
            "udp 0.0.0.0:53 (docker-proxy, process 8)",
        ],
        [
            "a published port where the overlay networks have theirs",
            socket("0.0.0.0", 4789, { pid: 8, name: "docker-proxy" }, "udp"),
            "udp 0.0.0.0:4789 (docker-proxy, process 8)",
        ],
    ])("is not as before with %s", (_, listener, detail) => {
        expect(comparedVerdict([listener], LOCAL)).toEqual({ ok: false, detail });
    });

    it("does not care for UDP sockets of other programs, nor for those that await answers", () => {
        const listeners = [
            socket("0.0.0.0", 5353, { pid: 9, name: "chrome" }, "udp"),
            socket("0.0.0.0", 40_000, EMULATOR, "udp"),
        ];
        expect(comparedVerdict(listeners, LOCAL)).toEqual({ ok: true, detail: "as before" });
    });
});

describe("a user other than root", () => {
    it("cannot tell whose a UDP socket is that was not there before and shows no process", () => {
        const before = [{ protocol: "udp", address: "0.0.0.0", port: 68 } as const];
        const unseen = socket("0.0.0.0", 4789, undefined, "udp");
        const seen = [
            socket("0.0.0.0", 68, undefined, "udp"),
            socket("0.0.0.0", 5353, { pid: 9, name: "chrome" }, "udp"),
            socket("127.0.0.1", 53, undefined, "udp"),
            socket("0.0.0.0", 40_000, undefined, "udp"),
            socket("0.0.0.0", 80),
        ];
        expect(unseenSockets([unseen, ...seen], { before })).toEqual([unseen]);
    });
});

describe("a machine with a real environment", () => {
    const isOurs = (listener: HostListener) => publishes(listener, [8080]);

    it("may listen as it likes with what is not the stack's", () => {
        const others = [
            socket("0.0.0.0", 443, { pid: 2, name: "nginx" }),
            socket("0.0.0.0", 9000, { pid: 3, name: "docker-proxy" }),
            socket("0.0.0.0", 8080, { pid: 4, name: "java" }),
        ];
        expect(ownVerdict(others, isOurs)).toEqual({ ok: true, detail: "none of ours" });
    });

    it("names a port of the stack's that Docker publishes there", () => {
        const published = socket("0.0.0.0", 8080, { pid: 3, name: "docker-proxy" });
        expect(ownVerdict([published], isOurs)).toEqual({
            ok: false,
            detail: "tcp 0.0.0.0:8080 (docker-proxy, process 3)",
        });
    });
});

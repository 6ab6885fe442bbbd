import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { awaitsAnswers, isLoopback, listenersOf, listenerText, parseListeners } from "../../cli/sockets/listeners.ts";
import { parseFibTrie, parseIfInet6 } from "../../cli/sockets/localAddresses.ts";
import { socketOwners } from "../../cli/sockets/owners.ts";

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4F11 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65532        0 301 1 0000000000000000 100 0 0 10 0
   1: 010013AC:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 302 1 0000000000000000 100 0 0 10 0
   2: 0305000A:D2A4 0605000A:20FB 01 00000000:00000000 00:00000000 00000000 65532        0 303 1 0000000000000000 20 4 30 10 -1
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 304 1
   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 305 1
   2: 0000000000000000FFFF0000030013AC:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 306 1
   3: B80D0120000000000000000002000000:1F93 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 307 1
`;
const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  116: 00000000:12B5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 0 2 0000000000000000 0
  117: 0305000A:9B53 0B00007F:0035 01 00000000:00000000 00:00000000 00000000     0        0 308 2 0000000000000000 0
`;

/** The kernel of a big-endian machine prints the same sockets otherwise. */
describe.runIf(new Uint8Array(new Uint32Array([1]).buffer)[0] === 1)("the kernel's tables of sockets", () => {
    it("tell which sockets listen, at which IPv4 address and port", () => {
        expect(parseListeners(TCP, "tcp")).toEqual([
            { protocol: "tcp", address: "127.0.0.1", port: 20_241, inode: 301 },
            { protocol: "tcp", address: "172.19.0.1", port: 443, inode: 302 },
        ]);
    });

    it("tell IPv6 addresses in their short form, and an IPv4 address where one is meant", () => {
        expect(parseListeners(TCP6, "tcp").map(listenerText)).toEqual([
            "tcp [::]:8080",
            "tcp [::1]:8081",
            "tcp 172.19.0.3:8082",
            "tcp [2001:db8::2]:8083",
        ]);
    });

    it("tell UDP sockets that take from anybody, the kernel's own included", () => {
        expect(parseListeners(UDP, "udp")).toEqual([{ protocol: "udp", address: "0.0.0.0", port: 4789, inode: 0 }]);
    });
});

describe("a listening socket", () => {
    it.each(["127.0.0.1", "127.0.0.11", "::1"])("at %s is on loopback", (address) => {
        expect(isLoopback({ address })).toBe(true);
    });

    it.each(["0.0.0.0", "::", "10.0.5.3", "172.19.0.1"])("at %s is not", (address) => {
        expect(isLoopback({ address })).toBe(false);
    });

    it("merely awaits answers when it is UDP at a port that the kernel chose", () => {
        expect(awaitsAnswers({ protocol: "udp", port: 41_000 })).toBe(true);
        expect(awaitsAnswers({ protocol: "udp", port: 5353 })).toBe(false);
        expect(awaitsAnswers({ protocol: "udp", port: 61_000 })).toBe(false);
        expect(awaitsAnswers({ protocol: "tcp", port: 41_000 })).toBe(false);
    });
});

describe.runIf(process.platform === "linux")("this machine", () => {
    it("shows a socket with the process that holds it as long as it listens", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        const found = (await listenersOf()).find((listener) => listener.port === port);
        expect(found).toMatchObject({ protocol: "tcp", address: "127.0.0.1" });
        const inode = found?.inode ?? -1;
        expect((await socketOwners(new Set([inode]))).get(inode)).toMatchObject({ pid: process.pid });
        server.close();
        await once(server, "close");
        expect((await listenersOf()).filter((listener) => listener.port === port)).toEqual([]);
    });
});

describe("the addresses of a network namespace", () => {
    it("are those that its routing table calls local, each once, loopback left out", () => {
        const trie = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.0.5.0/30 2 0 2
        |-- 10.0.5.0
           /24 link UNICAST
        |-- 10.0.5.3
           /32 host LOCAL
     |-- 10.0.5.255
        /32 link BROADCAST
     +-- 127.0.0.0/31 1 0 0
        |-- 127.0.0.0
           /8 host LOCAL
        |-- 127.0.0.1
           /32 host LOCAL
     |-- 172.19.0.4
        /32 host LOCAL
Local:
        |-- 10.0.5.3
           /32 host LOCAL
`;
        expect(parseFibTrie(trie)).toEqual(["10.0.5.3", "172.19.0.4"]);
    });

    it("are its interfaces' IPv6 addresses, loopback left out", () => {
        const table = `00000000000000000000000000000001 01 80 10 80       lo
fd000000000000000000000000000002 04 40 00 82     eth0
`;
        expect(parseIfInet6(table)).toEqual(["fd00::2"]);
    });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { wireguardCheck } from "../../cli/join/kernelChecks.ts";
import { type Asked, clockCheck, natCheck } from "../../cli/join/networkChecks.ts";

const TARGET = { address: "2001:db8:a::1", port: 51_821 };
const NODE = { name: "b1", address: undefined, isBehindNat: true };

/** What a reflector answered on both ports, seeing an address and those two ports. */
function seen(address: string, [first, second]: [number, number], offset = 0): Asked {
    const at = (port: number) => ({
        id: "0",
        address,
        port,
        now: 1_000_000 + offset,
        askedAt: 999_990,
        answeredAt: 1_000_010,
    });
    return { target: TARGET, first: at(first), second: at(second) };
}

describe("what a peer sees of a machine", () => {
    it("tells NAT that keeps a port from one that takes another for each peer", () => {
        expect(natCheck(NODE, [seen("2001:db8:b::2", [4_000, 4_000])]).seen).toBe(
            "behind NAT, seen as 2001:db8:b::2, the same port for every peer",
        );
        expect(natCheck(NODE, [seen("2001:db8:b::2", [4_000, 4_001])]).seen).toBe(
            "behind NAT, seen as 2001:db8:b::2, another port for each peer",
        );
    });

    it("contradicts a federation that does not say so", () => {
        const asked = [seen("2001:db8:b::2", [4_000, 4_000])];
        expect(natCheck({ ...NODE, isBehindNat: false }, asked)).toMatchObject({
            verdict: "no",
            fix: expect.stringContaining("nat: true"),
        });
        expect(natCheck({ ...NODE, address: "2001:db8:b::9" }, asked)).toMatchObject({
            verdict: "no",
            fix: expect.stringContaining("2001:db8:b::9"),
        });
        expect(natCheck({ ...NODE, address: "2001:db8:b::2" }, asked).verdict).toBe("ok");
    });

    it("leaves open what nobody was asked about", () => {
        const silent = { target: TARGET, first: undefined, second: undefined };
        expect(natCheck(NODE, [silent])).toMatchObject({
            verdict: "unknown",
            fix: expect.stringContaining("join reflect"),
        });
        expect(clockCheck([silent]).verdict).toBe("unknown");
    });

    it("measures the clock between question and answer", () => {
        expect(clockCheck([seen("::1", [1, 1], 4_000)])).toMatchObject({
            verdict: "ok",
            seen: "4.0 s behind a peer's",
        });
        expect(clockCheck([seen("::1", [1, 1], -6_000)])).toMatchObject({
            verdict: "no",
            seen: "6.0 s before a peer's",
        });
    });
});

describe("a kernel", () => {
    const root = mkdtempSync(join(tmpdir(), "sallyport-kernel-"));
    afterAll(() => rmSync(root, { recursive: true }));
    const files = { modules: join(root, "module"), loadable: join(root, "lib"), tun: join(root, "tun") };

    it("that has no WireGuard is helped by a process, and refused where that cannot be either", async () => {
        expect(await wireguardCheck(files)).toMatchObject({ verdict: "no", fix: expect.stringContaining("modprobe") });
        writeFileSync(files.tun, "");
        expect(await wireguardCheck(files)).toMatchObject({
            verdict: "ok",
            seen: expect.stringContaining("wireguard-go"),
        });
        mkdirSync(files.loadable);
        writeFileSync(join(files.loadable, "modules.dep"), "kernel/drivers/net/wireguard/wireguard.ko.xz: kernel/x\n");
        expect(await wireguardCheck(files)).toMatchObject({ verdict: "ok", seen: "the kernel can load it" });
        mkdirSync(join(files.modules, "wireguard"), { recursive: true });
        expect(await wireguardCheck(files)).toMatchObject({ verdict: "ok", seen: "the kernel has it loaded" });
    });
});

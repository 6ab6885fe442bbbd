import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JoinReport } from "../../cli/join/check.ts";
import { projectDir } from "../../cli/project.ts";
import { type BedNodeName, type TwoSites, twoSites } from "./support/twoSites.ts";

const CLI = join(projectDir, "cli", "bin.js");
const SUPPORT = join(import.meta.dirname, "support", "sites");
const SKEWED_PORT = 51_831;

const FEDERATION = {
    name: "commons",
    sites: [
        {
            name: "a",
            owner: "Association A",
            nodes: ["a1", "a2", "a3"].map((name, index) => ({ name, address: `2001:db8:a::${11 + index}` })),
        },
        { name: "b", owner: "Association B", nat: true, nodes: [{ name: "b1" }, { name: "b2" }] },
    ],
    services: [],
    intentions: [],
};

describe("sallyport join check, between two sites", () => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-join-"));
    const federation = join(folder, "federation.json");
    const resolvConf = join(folder, "resolv.conf");
    let sites: TwoSites;

    /** Starts a program in a node's namespace; it is there once it says something. */
    async function started(node: BedNodeName, ...args: string[]): Promise<void> {
        await new Promise<void>((resolve, reject) => {
            const { ended } = sites.nodes[node].machine.start(process.execPath, args, { onLine: () => resolve() });
            ended.then((how) => reject(new Error(`${args.join(" ")}: ${how}`)));
        });
    }

    /** What the check says on a node, by its checks, asking a reflector of A; in a machine whose name server is on loopback. */
    async function check(node: BedNodeName, { port = 51_821, before = "true" } = {}) {
        const { machine } = sites.nodes[node];
        const asked = ["--reflector", `[${sites.nodes.a1.ipv6}]:${port}`, "--node", node, "--json"];
        const script = `mount --bind "$1" /etc/resolv.conf && shift && ${before} && exec "$@"`;
        const command = ["sh", resolvConf, process.execPath, CLI, "join", "check", federation, ...asked];
        const { exitCode, stdout, all } = await machine.run("unshare", "--mount", "sh", "-c", script, ...command);
        if (stdout === "") throw new Error(all);
        const report = JSON.parse(stdout) as JoinReport;
        return { exitCode, ok: report.ok, ...Object.fromEntries(report.checks.map((one) => [one.id, one])) };
    }

    beforeAll(async () => {
        writeFileSync(federation, JSON.stringify(FEDERATION));
        writeFileSync(resolvConf, "nameserver 127.0.0.1\n");
        sites = await twoSites();
        const { ipv6 } = sites.nodes.a1;
        await Promise.all([
            started("a1", CLI, "join", "reflect", "--address", ipv6, "--from", "2001:db8::/32"),
            started("a1", join(SUPPORT, "skewedReflector.ts"), ipv6, String(SKEWED_PORT), "60000"),
            ...(["a2", "b1"] as const).map((node) => started(node, join(SUPPORT, "nameServer.ts"))),
        ]);
    });
    afterAll(async () => {
        await sites[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true });
    });

    it("lets a node behind NAT join, and says how it is seen", async () => {
        expect(await check("b1")).toMatchObject({
            exitCode: 0,
            ok: true,
            ipv6: { verdict: "ok", seen: "fd0b::11, and a peer answers" },
            nat: { verdict: "ok", seen: expect.stringContaining("behind NAT, seen as 2001:db8:b::2, ") },
            port: { verdict: "ok", seen: "none is needed: the node dials" },
            mtu: { verdict: "ok", seen: "1500 bytes to a peer" },
            clock: { verdict: "ok" },
            dns: { verdict: "ok" },
            nftables: { verdict: "ok" },
            "wireguard-tools": { verdict: "ok" },
        });
    });

    it("lets a node with an address join where its port is reached, and not where a firewall is before it", async () => {
        expect(await check("a2")).toMatchObject({ exitCode: 0, port: { verdict: "ok" }, nat: { verdict: "ok" } });
        const { machine } = sites.nodes.a2;
        const rules =
            "table inet closed {\nchain input {\ntype filter hook input priority filter; policy accept;\nudp dport 51820 ct state new drop\n}\n}\n";
        await machine.feed(rules, "nft", "-f", "-");
        expect(await check("a2")).toMatchObject({
            exitCode: 1,
            port: { verdict: "no", fix: expect.stringContaining("Open UDP 51820") },
        });
        await machine.succeed("nft", "delete", "table", "inet", "closed");
    });

    it("says no to a clock that is a minute off and to a missing nft", async () => {
        const without = "mount -t tmpfs none /usr/sbin";
        const said = await check("b1", { port: SKEWED_PORT, before: without });
        expect(said).toMatchObject({
            exitCode: 1,
            clock: { verdict: "no", seen: "60.0 s behind a peer's", fix: expect.stringContaining("timedatectl") },
            nftables: { verdict: "no", fix: expect.stringContaining("apt-get install nftables") },
        });
    });

    it("says no to a way that is too narrow, and what still goes through one that is narrower", async () => {
        const { transit, router } = sites;
        const narrow = async (mtu: string) => {
            await transit.succeed("ip", "link", "set", "to-b", "mtu", mtu);
            await router.succeed("ip", "link", "set", "wan", "mtu", mtu);
        };
        await narrow("1400");
        expect(await check("b1")).toMatchObject({
            exitCode: 1,
            mtu: { verdict: "no", seen: "1400 bytes to a peer", fix: expect.stringContaining('"mtu: 1320"') },
        });
        await narrow("1280");
        expect(await check("b1")).toMatchObject({ exitCode: 1, mtu: { verdict: "no", seen: "1280 bytes to a peer" } });
        await narrow("1500");
    });

    it("says no to a machine without IPv6 and without a name server", async () => {
        await sites.nodes.b2.machine.feed("1", "tee", "/proc/sys/net/ipv6/conf/all/disable_ipv6");
        expect(await check("b2")).toMatchObject({
            exitCode: 1,
            ipv6: { verdict: "no", seen: "no address", fix: expect.stringContaining("disable_ipv6") },
            dns: { verdict: "no" },
            clock: { verdict: "unknown" },
        });
    });
});

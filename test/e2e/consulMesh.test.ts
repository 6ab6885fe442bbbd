import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FEDERATION } from "./programs/consulMesh/federation.ts";
import { type MeshBed, meshBed, wayTo } from "./support/consul/meshBed.ts";
import type { BedNodeName } from "./support/twoSites.ts";

/** Consul tells Envoys of a change, and agents repair once a minute what a server missed: a minute and a half in milliseconds. */
const FOUND_WITHIN_MS = 90_000;
/** What the program says, in milliseconds, and how long Consul may take to tell a sidecar. */
const DRAIN_MS = 2_000;
const TOLD_WITHIN_MS = 3_000;
/** So many answers in a row, of both sites in turn, and nobody holds an old certificate any more. */
const SETTLED_ANSWERS = 60;

/** Where each service that is used runs at first. */
const PLACES = { ldap: "a2", audit: "a1", git: "b1" } as const;

describe("a Consul mesh of two sites, one behind NAT", () => {
    const started = new AsyncDisposableStack();
    let bed: MeshBed;
    const machineOf = (service: string) => {
        const node = FEDERATION.services.find(({ name }) => name === service)?.nodes[0] as BedNodeName;
        return bed.sites.nodes[node].machine;
    };
    const ask = (from: string, to: string, text = "whoami") => machineOf(from).ask(wayTo(from, to), text);
    const portOf = (service: string) => FEDERATION.services.find(({ name }) => name === service)?.port ?? 0;
    const answers = (from: string, to: string, node: string) =>
        expect
            .poll(() => ask(from, to), { timeout: FOUND_WITHIN_MS, interval: 200 })
            .toEqual({ line: `${to} on ${node}: whoami` });

    beforeAll(async () => {
        bed = started.use(await meshBed());
        for (const [service, node] of Object.entries(PLACES)) {
            await bed.sites.nodes[node].machine.serve(service, portOf(service), "127.0.0.1");
        }
    });
    afterAll(() => started.disposeAsync());

    it("lets each intended pair talk, and refuses every other one although it tries", async () => {
        for (const { from, to } of FEDERATION.intentions) await answers(from, to, PLACES[to as keyof typeof PLACES]);
        const intended = FEDERATION.intentions.map(({ from, to }) => `${from} → ${to}`);
        const pairs = FEDERATION.services.flatMap(({ name: from }) =>
            Object.keys(PLACES).flatMap((to) => (from === to ? [] : [{ from, to }])),
        );
        const refused = pairs.filter(({ from, to }) => !intended.includes(`${from} → ${to}`));
        expect(refused).toHaveLength(5);
        for (const { from, to } of refused) {
            expect(await ask(from, to), `${from} → ${to}`).toEqual({
                refused: expect.stringMatching(/closed|ECONNRESET/),
            });
        }
    });

    it("finds no difference in a second preview, and none in a refresh", async () => {
        await bed.under.stack.preview({ expectNoChanges: true });
        await bed.under.stack.refresh({ expectNoChanges: true });
    });

    it("shows nothing of what is said to whoever stands between", async () => {
        await using capture = await bed.sites.capture();
        expect(await ask("git", "ldap", "between the sites")).toEqual({ line: "ldap on a2: between the sites" });
        expect(await ask("audit", "ldap", "within the site")).toEqual({ line: "ldap on a2: within the site" });
        const seen = await capture.end();
        expect(seen.length).toBeGreaterThan(2_000);
        expect(seen.includes("between the sites")).toBe(false);
        expect(seen.includes("within the site")).toBe(false);
    });

    it("finds a service again that has moved to another machine, by DNS too", async () => {
        const { a1, a2, a3 } = bed.sites.nodes;
        await a2.machine.stop(portOf("ldap"));
        await a3.machine.serve("ldap", portOf("ldap"), "127.0.0.1");
        await answers("git", "ldap", "a3");
        await answers("audit", "ldap", "a3");
        const found = () => a1.machine.resolve("127.0.0.1:8600", "ldap.service.consul", "AAAA");
        await expect.poll(found, { timeout: FOUND_WITHIN_MS }).toEqual([a3.ipv6]);
    });

    it("lets connections through again once the authority of the services is exchanged, and for good", async () => {
        const active = async () => {
            const { Roots } = (await bed.api("a", "GET", "connect/ca/roots")) as {
                Roots: { Active: boolean; ID: string }[];
            };
            return Roots.find(({ Active }) => Active)?.ID;
        };
        const before = await active();
        const config = { PrivateKeyType: "ec", PrivateKeyBits: 384 };
        await bed.api("a", "PUT", "connect/ca/configuration", { Provider: "consul", Config: config });
        let inARow = 0;
        const askedAgain = async () => {
            const answer = await ask(inARow % 2 === 0 ? "audit" : "git", "ldap");
            inARow = "line" in answer ? inARow + 1 : 0;
            return inARow;
        };
        await expect.poll(active, { timeout: FOUND_WITHIN_MS }).not.toBe(before);
        await expect.poll(askedAgain, { timeout: FOUND_WITHIN_MS, interval: 20 }).toBe(SETTLED_ANSWERS);
    });

    it("goes on when a machine is lost that is one of three servers and has the service", async () => {
        const { a2 } = bed.sites.nodes;
        await bed.sites.setLink("a3", "down");
        await a2.machine.serve("ldap", portOf("ldap"), "127.0.0.1");
        await answers("git", "ldap", "a2");
        await answers("audit", "ldap", "a2");
        await bed.api("a", "PUT", "kv/written-by-two", "still");
        await bed.sites.setLink("a3", "up");
    });

    it("ends connections within the stated time once their intention is gone; others are there again at once, or never go", async () => {
        await using cut = await machineOf("git").hold(wayTo("git", "ldap"));
        await using untouched = await machineOf("wiki").hold(wayTo("wiki", "git"));
        expect((await cut.answers(3)).ended).toBeUndefined();
        await bed.deploy({ WITHOUT: "git ldap" });
        const gone = performance.now();
        expect((await cut.ended()).ended).toMatch(/closed|ECONNRESET/);
        expect(performance.now() - gone).toBeLessThan(DRAIN_MS + TOLD_WITHIN_MS);
        expect(await ask("git", "ldap")).toEqual({ refused: expect.stringMatching(/closed|ECONNRESET/) });
        expect(await ask("audit", "ldap")).toEqual({ line: expect.stringMatching(/^ldap on a[23]: /) });
        expect((await untouched.answers(3)).ended).toBeUndefined();
    });
});

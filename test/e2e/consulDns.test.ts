import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlainConsul, plainConsul } from "./support/consul/plainConsul.ts";
import { type TwoSites, twoSites } from "./support/twoSites.ts";

/** `ldap` where it answers, as a machine's agent checks it. */
const LDAP = JSON.stringify({
    service: { name: "ldap", port: 389, checks: [{ tcp: "localhost:389", interval: "1s", timeout: "500ms" }] },
});

describe("Consul's DNS", () => {
    const started = new AsyncDisposableStack();
    let sites: TwoSites;
    let consul: PlainConsul;
    beforeAll(async () => {
        sites = started.use(await twoSites());
        const { a1, a2 } = sites.nodes;
        const machines = [a1, a2].map(({ machine, ipv6 }) => ({ machine, address: ipv6 }));
        consul = started.use(await plainConsul(machines));
    });
    afterAll(() => started.disposeAsync());

    it("finds a service where it answers, and again where it has moved to", async () => {
        const { a1, a2 } = sites.nodes;
        const found = () => a1.machine.resolve(consul.dns, "ldap.service.consul", "AAAA").catch(() => []);
        for (const { machine } of [a1, a2]) await consul.define(machine, { "ldap.json": LDAP });
        expect(await found()).toEqual([]);
        await a1.machine.serve("ldap", 389);
        await expect.poll(found, { timeout: 20_000 }).toEqual([a1.ipv6]);
        await a1.machine.stop(389);
        await a2.machine.serve("ldap", 389);
        await expect.poll(found, { timeout: 20_000 }).toEqual([a2.ipv6]);
    });
});

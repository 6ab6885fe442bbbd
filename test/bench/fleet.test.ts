import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type Fleet, fleet } from "../../bench/support/scale/fleet.ts";
import type { Environment } from "../../stacks/config/environment.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";

const LARGE = { apps: 10_000, stacks: 20, accounts: 5, seed: 1 };

/** The stacks as a deployment reads them, every mistake an error. */
function environmentsOf({ stacks }: Fleet): Environment[] {
    return stacks.map(({ name, file }) => {
        const config: Record<string, unknown> = parse(file).config;
        const values = Object.entries(config).map(([key, value]) => [key.replace("sallyport:", ""), value]);
        return parseEnvironment({
            stack: name,
            file: `Pulumi.${name}.yaml`,
            projectDir: import.meta.dirname,
            values: Object.fromEntries(values),
        });
    });
}

const large = environmentsOf(fleet(LARGE));

describe("a made-up fleet", () => {
    it("is the same for the same seed, byte for byte, and another for another", () => {
        const small = { apps: 50, stacks: 2, accounts: 1, seed: 1 };
        expect(fleet(small)).toEqual(fleet(small));
        expect(fleet(small).stacks[0]?.file).not.toBe(fleet({ ...small, seed: 2 }).stacks[0]?.file);
    });

    it("of 10,000 applications has stack files that are right, over all accounts evenly", () => {
        expect(large.map(({ apps }) => apps.length)).toEqual(Array(20).fill(500));
        const byAccount = Map.groupBy(large, ({ accountId }) => accountId);
        expect([...byAccount.values()].map((stacks) => stacks.length)).toEqual([4, 4, 4, 4, 4]);
        expect(new Set(large.map(({ zone }) => zone.name)).size).toBe(5);
    });

    it("shares out what does not divide evenly", () => {
        const { stacks } = fleet({ apps: 10, stacks: 3, accounts: 2, seed: 1 });
        expect(stacks.map(({ apps }) => apps)).toEqual([4, 3, 3]);
        expect(environmentsOf({ accounts: [], stacks }).map(({ apps }) => apps.length)).toEqual([4, 3, 3]);
    });

    it("has what a company has: web and TCP, parts of a host name, several audiences, machines, private networks", () => {
        const apps = large.flatMap((environment) => environment.apps);
        const share = (test: (app: Environment["apps"][number]) => boolean) => apps.filter(test).length / apps.length;
        expect(share(({ service }) => service.startsWith("http"))).toBeCloseTo(0.7, 1);
        for (const scheme of ["tcp", "ssh", "rdp"]) {
            expect(
                share(({ service }) => service.startsWith(`${scheme}:`)),
                scheme,
            ).toBeGreaterThan(0.01);
        }
        expect(share(({ path }) => path !== undefined)).toBeGreaterThan(0.01);
        expect(share(({ audience }) => audience.includes("robots"))).toBeGreaterThan(0.1);
        for (const { audiences, privateNetworks, serviceTokens } of large) {
            expect([audiences.length, privateNetworks.length, serviceTokens.length]).toEqual([13, 2, 3]);
        }
    });

    it("claims no address and no host name twice in an account", () => {
        for (const stacks of Map.groupBy(large, ({ accountId }) => accountId).values()) {
            const places = stacks.flatMap(({ apps }) => apps.map(({ hostname, path = "" }) => hostname + path));
            const ranges = stacks.flatMap((stack) => stack.privateNetworks.flatMap(({ networks = [] }) => networks));
            expect(new Set(places).size).toBe(places.length);
            expect(new Set(ranges).size).toBe(ranges.length);
        }
    });
});

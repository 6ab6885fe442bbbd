import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exposuresOf, type LabelVerdict } from "../../components/swarm/exposures.ts";
import { ROUTE_KEYS } from "../../components/swarm/readLabels.ts";
import { HOSTILE } from "./support/hostileLabels.ts";
import { GOOD, overlay, RULES, service } from "./support/labelled.ts";

/** {@link GOOD} with what a hostile set lays over it. */
function laidOver(hostile: Readonly<Record<string, string | undefined>>): Record<string, string> {
    const entries = Object.entries({ ...GOOD, ...hostile });
    return Object.fromEntries(entries.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]])));
}

/** Whatever is exposed lies within what the owner of {@link RULES} allowed, in words of this test's own. */
function expectWithinRules({ exposures }: LabelVerdict): void {
    for (const { serviceName, network, routes } of exposures) {
        expect(routes).not.toEqual([]);
        for (const { hostname, path = "/x", service: origin, audiences, session, middlewares } of routes) {
            expect(middlewares).toBeUndefined();
            expect(hostname).toMatch(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?-dev|wiki)\.example\.com$/);
            expect(hostname).not.toBe("own-dev.example.com");
            expect(path).toMatch(/^(\/[\w.~@:+-]+)+$/);
            expect(origin).toMatch(new RegExp(`^http://tasks\\.${serviceName}\\.${network.name}:[0-9]{1,5}$`));
            expect(network.id).toBe(`id-of-${network.name}`);
            expect(audiences).not.toEqual([]);
            expect(["staff", "oncall"]).toEqual(expect.arrayContaining(audiences));
            expect(session).toMatch(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/);
        }
    }
}

describe("hostile labels", () => {
    it("are more than forty sets, over labels that would be exposed without them", () => {
        expect(HOSTILE.length).toBeGreaterThanOrEqual(40);
        expect(exposuresOf([service("web")], RULES).exposures).toHaveLength(1);
    });

    it.each(HOSTILE)("that try $tries expose nothing, and the refusal names $names", ({ labels, names }) => {
        const { exposures, refused } = exposuresOf([service("web", { labels: laidOver(labels) })], RULES);
        expect(exposures).toEqual([]);
        expect(refused.map(({ serviceName }) => serviceName)).toEqual(["web"]);
        expect(refused[0]?.problems[0]?.path).toBe(names);
    });

    it.each(HOSTILE)("that try $tries are told in a line of plain text", ({ labels }) => {
        const { refused } = exposuresOf([service("web", { labels: laidOver(labels) })], RULES);
        for (const { path, reason } of refused[0]?.problems ?? []) {
            expect(`${path}: ${reason}`).toMatch(/^[^\p{Cc}\p{Cf}]{1,1000}$/u);
        }
    });

    it("of a service whose name is none of those that the owner names expose nothing", () => {
        const rules = { ...RULES, services: ["shop_*", "wiki"] };
        const verdict = exposuresOf(
            ["bank_web", "myshop_web", "wikis"].map((name) => service(name)),
            rules,
        );
        expect(verdict.exposures).toEqual([]);
        expect(verdict.refused).toHaveLength(3);
        expect(exposuresOf([service("shop_web")], rules).exposures).toHaveLength(1);
    });

    it("of a service whose name Docker would not take expose nothing", () => {
        const names = ["web.evil.org", "web:80/x", "../web", "web\n", "-web", "a".repeat(64), "*", ""];
        expect(
            exposuresOf(
                names.map((name) => service(name)),
                RULES,
            ).exposures,
        ).toEqual([]);
    });

    it("cannot make an exposure that is called like another service's", () => {
        const one = service("web");
        const namesake = service("web", {
            id: "another",
            labels: { ...GOOD, "sallyport.hostname": "wiki.example.com" },
        });
        const { exposures, refused } = exposuresOf([one, namesake], RULES);
        expect(exposures).toHaveLength(1);
        expect(refused[0]?.problems[0]?.path).toBe("name");
    });

    it("come to nothing beyond the rules, whatever anybody makes up", () => {
        const keys = ["enable", "network", "x", "stack", ...ROUTE_KEYS];
        const label = fc.oneof(
            fc.constantFrom(...keys).map((key) => `sallyport.${key}`),
            fc
                .tuple(fc.constantFrom("0", "1", "9"), fc.constantFrom(...keys))
                .map((parts) => `sallyport.${parts.join(".")}`),
            fc.string().map((text) => `sallyport.${text}`),
        );
        const value = fc.oneof(
            fc.string(),
            fc.constantFrom("true", "web-dev.example.com", "wiki.example.com", "own-dev.example.com", "8080", "http"),
            fc.constantFrom("tcp", "/a", "/..", "staff", "oncall", "admins", "1h", "13h", "shop_default", "bank_db"),
            fc.tuple(fc.domain(), fc.constantFrom("", "-dev.example.com")).map((parts) => parts.join("")),
        );
        const networks = [overlay("shop_default"), overlay("shop_db")];
        fc.assert(
            fc.property(fc.array(fc.dictionary(label, value, { maxKeys: 6 }), { maxLength: 4 }), (sets) => {
                const services = sets.map((set, index) =>
                    service(`web${index}`, {
                        labels: index % 2 === 0 ? { ...GOOD, ...set } : set,
                        networks: networks.slice(0, 1 + (index % 2)),
                    }),
                );
                const verdict = exposuresOf(services, RULES);
                expectWithinRules(verdict);
                const claimed = verdict.exposures.flatMap(({ routes }) => [
                    ...new Set(routes.map(({ hostname }) => hostname)),
                ]);
                expect(new Set(claimed).size).toBe(claimed.length);
            }),
            { numRuns: 2_000 },
        );
    });
});

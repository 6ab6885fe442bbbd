import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseDocument, stringify } from "yaml";
import { choose } from "../../cli/rotate/choose.ts";
import { rotationEntries } from "../../cli/rotate/entries.ts";
import { withSchedules } from "../../cli/rotate/writeSchedules.ts";
import type { Environment } from "../../stacks/config/environment.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { rotatablesOf } from "../../stacks/rotation/rotatable.ts";
import { generationsOf, standingAt } from "../../stacks/rotation/standing.ts";
import { CERTIFICATE } from "../components/fixtures.ts";
import { deployedAt, environmentOf } from "../rotate/support/stack.ts";
import { deploy, promiseOf } from "../support/mocks.ts";

const NOW = new Date("2027-03-20T00:00:00Z");
const site = (name: string, address: string) => ({
    ...{ name, owner: name, egress: [`${address}/32`] },
    nodes: [{ name: `${name}1`, address }],
});

/** A stack with everything that can be rotated. */
const EVERYTHING = stringify({
    config: {
        "sallyport:accountId": "a".repeat(32),
        "sallyport:zone": "example.com",
        "sallyport:zoneId": "b".repeat(32),
        "sallyport:team": "example",
        "sallyport:audiences": { robots: { serviceTokens: ["ci", "nightly"] } },
        "sallyport:serviceTokens": { ci: { duration: "2160h" } },
        "sallyport:apps": [
            { name: "wiki", hostname: "wiki.example.com", service: "http://wiki:80", audience: ["robots"] },
        ],
        "sallyport:clusters": [
            {
                name: "east",
                hostname: "east.example.com",
                server: "https://10.0.0.5:6443",
                certificateAuthority: CERTIFICATE,
                audience: ["robots"],
            },
        ],
        "sallyport:federation": {
            name: "commons",
            site: "a",
            sites: [site("a", "203.0.113.7"), site("b", "203.0.113.8")],
            services: [
                { name: "ldap", site: "a", nodes: ["a1"], port: 636 },
                { name: "forge", site: "b", nodes: ["b1"] },
            ],
            intentions: [{ from: "forge", to: "ldap" }],
            links: [{ from: "forge", to: "ldap", hostname: "forge-ldap.example.com" }],
        },
    },
});

const ALL = [
    "authority",
    "cluster-tunnel/east",
    "federation-authority",
    "link-token/forge-ldap",
    "proxy-certificate",
    "service-token/ci",
    "service-token/nightly",
    "tunnel",
];

/** The file's text with more keys. */
function withKeys(keys: Record<string, unknown>): string {
    const document = parseDocument(EVERYTHING);
    for (const [key, value] of Object.entries(keys)) document.setIn(["config", `sallyport:${key}`], value);
    return document.toString();
}

function versionsOf(environment: Environment): Record<string, string> {
    return generationsOf(environment, NOW);
}

describe("the schedule of a whole stack", () => {
    const rotation = { since: "2027-01-01", every: "720h", overlap: "48h" };

    it("is that of each secret without one of its own, and of no authority", () => {
        const text = withKeys({ rotation, proxy: { rotation: { ...rotation, firstVersion: 7 } } });
        expect(versionsOf(environmentOf(text))).toEqual({
            ...Object.fromEntries(ALL.map((name) => [name, "3"])),
            "proxy-certificate": "9",
            authority: "1",
            "federation-authority": "1",
        });
    });

    it("leaves an adopted tunnel the secret that it has", () => {
        const tunnel = { adopt: "c0ffee00-0000-4000-8000-000000000000", name: "office" };
        expect(Object.keys(versionsOf(environmentOf(withKeys({ rotation, tunnel }))))).not.toContain("tunnel");
    });

    it("has its mistakes told by the path in the stack file", () => {
        expect(() => environmentOf(withKeys({ rotation: { since: "soon", every: "720h" } }))).toThrow(
            /sallyport:rotation\.since: "soon" is not a moment/,
        );
    });
});

describe("everything that can be rotated", () => {
    beforeEach(() => {
        vi.useFakeTimers({ toFake: ["Date"], now: NOW });
    });
    afterEach(() => {
        vi.useRealTimers();
    });

    /** What a rotation of everything writes into the file. */
    function rotated(text: string): string {
        const environment = environmentOf(text);
        const entries = rotationEntries(environment, deployedAt(text, NOW), NOW);
        const { early } = choose(environment, entries, { only: [], due: false, force: true }, NOW);
        const schedules = early.map(({ rotatable: { place }, schedule }) => ({ place, schedule }));
        return withSchedules(text, schedules, "Pulumi.staging.yaml");
    }

    it("is found, and has another version once the file says so", () => {
        expect(
            rotatablesOf(environmentOf(EVERYTHING))
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(ALL);
        const two = Object.fromEntries(ALL.map((name) => [name, name.includes("authority") ? "1+2" : "2"]));
        expect(versionsOf(environmentOf(rotated(EVERYTHING)))).toEqual(two);
    });

    it.each([
        ["first", EVERYTHING],
        [
            "rotated",
            withKeys({ rotation: { since: "2027-02-01", every: "1440h", firstVersion: 2 }, ca: { generation: 2 } }),
        ],
    ])("is made with a resource that tells its age, in its %s version", async (_, text) => {
        const environment = environmentOf(text);
        const { resources, error } = await deploy(() => deployStack(environment));
        expect(error).toBeUndefined();
        const names = new Set(resources.map(({ name }) => name));
        for (const { name, declared, madeWith } of rotatablesOf(environment)) {
            expect(names, name).toContain(madeWith(standingAt(declared, NOW).version));
        }
    });

    it("is told by the stack, by its version", async () => {
        const environment = environmentOf(rotated(EVERYTHING));
        const { result } = await deploy(() => deployStack(environment));
        const { rotations } = result as ReturnType<typeof deployStack>;
        expect(await promiseOf(rotations)).toEqual(versionsOf(environment));
    });
});

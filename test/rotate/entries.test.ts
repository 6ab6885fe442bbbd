import { describe, expect, it } from "vitest";
import { rotationEntries } from "../../cli/rotate/entries.ts";
import { entriesTable, rotationWords } from "../../cli/rotate/report.ts";
import { deployedAt, environmentOf, resource, STACK_FILE, stackResource } from "./support/stack.ts";

const DEPLOYED = new Date("2026-03-01T12:00:00Z");
const environment = environmentOf(STACK_FILE);

function namesAndStates(now: string, resources = deployedAt(STACK_FILE, DEPLOYED)) {
    return rotationEntries(environment, resources, new Date(now)).map(({ name, state, dueInDays }) => ({
        name,
        state,
        ...(dueInDays === undefined ? {} : { dueInDays }),
    }));
}

describe("the secrets of a stack", () => {
    it("are due in so many days, and what has no schedule comes last", () => {
        // Periods of 30 days from the first of January on; the second one began on the 31st.
        expect(namesAndStates("2026-03-01T12:00:00Z")).toEqual([
            { name: "service-token/ci", state: "scheduled", dueInDays: 0 },
            ...["tunnel", "service-token/nightly", "proxy-certificate", "authority"].map((name) => ({
                name,
                state: "unscheduled",
            })),
        ]);
    });

    it("are due from the boundary on until they are deployed, and say for how long", () => {
        const [first] = rotationEntries(
            environment,
            deployedAt(STACK_FILE, DEPLOYED),
            new Date("2026-03-06T12:00:00Z"),
        );
        expect(first).toMatchObject({ name: "service-token/ci", state: "due", dueAt: "2026-03-02T00:00:00Z" });
        expect(first && rotationWords(first, new Date("2026-03-06T12:00:00Z"))).toBe("overdue by 4 days");
    });

    it("settle for the overlap after a rotation", () => {
        const now = "2026-03-02T13:00:00Z";
        const [first] = rotationEntries(environment, deployedAt(STACK_FILE, new Date(now)), new Date(now));
        expect(first).toMatchObject({ state: "settling", settlesAt: "2026-03-04T00:00:00Z" });
        expect(namesAndStates("2026-03-05T00:00:00Z", deployedAt(STACK_FILE, new Date(now)))[0]?.state).toBe(
            "scheduled",
        );
    });

    it("are all due where the state tells nothing, or something else than the file", () => {
        expect(namesAndStates("2026-03-01T12:00:00Z", []).map(({ state }) => state)).toEqual(Array(5).fill("due"));
        const told = stackResource({
            tunnel: "2",
            "service-token/ci": "5",
            "service-token/nightly": "1",
            authority: "1",
        });
        const due = namesAndStates("2026-03-01T12:00:00Z", [told]).filter(({ state }) => state === "due");
        expect(due.map(({ name }) => name).toSorted()).toEqual(["proxy-certificate", "tunnel"]);
    });

    it("are as old as the state or, for tokens that changed in place, the calendar says", () => {
        const created = "2025-12-01T00:00:00Z";
        const token = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken";
        const made = [
            resource("random:index/randomPassword:RandomPassword", "tunnel-secret", {
                created: "2026-01-05T00:00:00Z",
                delete: true,
            }),
            resource("random:index/randomPassword:RandomPassword", "tunnel-secret", {
                created: "2026-01-06T00:00:00Z",
            }),
            resource(token, "ci-token", { created }),
            resource(token, "nightly-token", { created }),
            resource("tls:index/privateKey:PrivateKey", "ca-key", { created }),
        ];
        const entries = rotationEntries(environment, [...deployedAt(STACK_FILE, DEPLOYED), ...made], DEPLOYED);
        expect(Object.fromEntries(entries.map(({ name, since }) => [name, since]))).toEqual({
            tunnel: "2026-01-06T00:00:00Z",
            "service-token/ci": "2026-01-31T00:00:00Z",
            "service-token/nightly": created,
            authority: created,
            "proxy-certificate": undefined,
        });
    });

    it("have certificates among them that are made anew before their end", () => {
        const type = "tls:index/locallySignedCert:LocallySignedCert";
        const certificate = (name: string, validityEndTime: string) =>
            resource(type, name, { inputs: { earlyRenewalHours: 720 }, outputs: { validityEndTime } });
        const resources = [
            ...deployedAt(STACK_FILE, DEPLOYED),
            certificate("traefik-certificate-certificate", "2026-03-20T00:00:00Z"),
            certificate("ldap-certificate-certificate", "2026-04-10T12:00:00Z"),
            resource(type, "half-made-certificate", { inputs: {} }),
        ];
        expect(
            namesAndStates("2026-03-01T12:00:00Z", resources).filter(({ name }) => /certificate/.test(name)),
        ).toEqual([
            { name: "proxy-certificate", state: "due", dueInDays: -12 },
            { name: "certificate/ldap", state: "scheduled", dueInDays: 10 },
        ]);
    });

    it("are printed as a table that says what is wrong with each", () => {
        const now = new Date();
        const shown = entriesTable([
            { name: "tunnel", state: "due", dueAt: now.toISOString(), dueInDays: -1 },
            {
                name: "service-token/ci",
                state: "scheduled",
                dueAt: now.toISOString(),
                dueInDays: 1,
                since: now.toISOString(),
            },
            { name: "authority", state: "unscheduled" },
        ]);
        expect(shown.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
            ["WHAT", "AGE", "ROTATION"],
            ["tunnel", "due now"],
            ["service-token/ci", "0 days", "due in 1 day"],
            ["authority", "no schedule"],
        ]);
    });
});

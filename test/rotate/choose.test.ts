import { describe, expect, it } from "vitest";
import { choose, type Wanted } from "../../cli/rotate/choose.ts";
import { rotationEntries } from "../../cli/rotate/entries.ts";
import { deployedAt, environmentOf, resource, STACK_FILE } from "./support/stack.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const ANY: Wanted = { only: [], due: false, force: false };

/** What is chosen in a stack that was deployed at some moment. */
function chosenFrom(text: string, wanted: Partial<Wanted>, deployed = NOW) {
    const environment = environmentOf(text);
    const certificate = resource("tls:index/locallySignedCert:LocallySignedCert", "ldap-certificate-certificate", {
        inputs: { earlyRenewalHours: 720 },
        outputs: { validityEndTime: "2027-01-01T00:00:00Z" },
    });
    const entries = rotationEntries(environment, [...deployedAt(text, deployed), certificate], NOW);
    const { due, early, settling } = choose(environment, entries, { ...ANY, ...wanted }, NOW);
    return {
        due: due.map(({ name }) => name),
        early: Object.fromEntries(early.map(({ entry: { name }, schedule }) => [name, schedule])),
        settling: settling.map(({ name }) => name),
    };
}

const YESTERDAY = new Date("2026-03-01T12:00:00Z");
const since = "2026-03-02T12:00:00Z";

describe("what is rotated", () => {
    it("is all that the stack has, but for what was rotated lately", () => {
        const { due, early, settling } = chosenFrom(STACK_FILE, {});
        expect({ due, early: Object.keys(early).toSorted(), settling }).toEqual({
            due: [],
            early: ["authority", "proxy-certificate", "service-token/nightly", "tunnel"],
            settling: ["service-token/ci"],
        });
    });

    it("is what is due alone, where that is asked for, and needs no other file", () => {
        expect(chosenFrom(STACK_FILE, { due: true }, YESTERDAY)).toEqual({
            due: ["service-token/ci"],
            early: {},
            settling: [],
        });
        expect(chosenFrom(STACK_FILE, { due: true })).toEqual({ due: [], early: {}, settling: [] });
    });

    it("is given no other version where it is due anyway", () => {
        expect(chosenFrom(STACK_FILE, { only: ["service-token/ci"] }, YESTERDAY)).toMatchObject({
            due: ["service-token/ci"],
            early: {},
        });
    });

    it("goes on from now with the schedule that it has, or a usual one", () => {
        const { early } = chosenFrom(STACK_FILE, { only: ["service-token", "tunnel"], force: true });
        expect(early).toEqual({
            "service-token/ci": { since, every: "720h", overlap: "48h", firstVersion: 7 },
            "service-token/nightly": { since, every: "2160h", overlap: "168h", firstVersion: 2 },
            tunnel: { since, every: "2160h", overlap: "168h", firstVersion: 2 },
        });
    });

    it("has its own schedule from then on where it had the shared one", () => {
        const text = STACK_FILE.replace(
            "config:\n",
            'config:\n  sallyport:rotation: { since: "2026-01-01", every: 1200h }\n',
        );
        expect(chosenFrom(text, { only: ["tunnel"] }).early).toEqual({
            tunnel: { since, every: "1200h", firstVersion: 3 },
        });
    });

    it("signs as a root only after an overlap in which it is trusted", () => {
        expect(chosenFrom(STACK_FILE, { only: ["authority"] }).early).toEqual({
            authority: { since: "2021-04-02T12:00:00Z", every: "43800h", overlap: "720h", firstVersion: 1 },
        });
    });

    it.each([
        ['--only: "tunel" is nothing that this stack has. Write one of ', STACK_FILE, ["tunel"]],
        ["certificate/ldap: is made anew before its end, and at no other time.", STACK_FILE, ["certificate/ldap"]],
        [
            'authority: has its roots written by hand. Roll over by hand, or write a "rollOver" with "firstVersion: 2" instead',
            STACK_FILE.replace("config:\n", "config:\n  sallyport:ca: { generation: 2 }\n"),
            ["authority"],
        ],
        [
            "authority: has an overlap of 24 hours in a period of 48. Write a period of more than two overlaps.",
            STACK_FILE.replace(
                "config:\n",
                'config:\n  sallyport:ca: { rollOver: { since: "2026-01-01", every: 48h, overlap: 24h } }\n',
            ),
            ["authority"],
        ],
    ])("is refused: %s", (message, text, only) => {
        expect(() => chosenFrom(text, { only, force: true })).toThrow(message);
    });

    it("has all mistakes told at once", () => {
        expect(() => chosenFrom(STACK_FILE, { only: ["tunel", "certificate/ldap"] })).toThrow(/^2 mistakes:/);
    });
});

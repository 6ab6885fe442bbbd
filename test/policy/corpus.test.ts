import { describe, expect, it } from "vitest";
import { rules } from "../../policy/rules/index.ts";
import { exposures, safe } from "./corpus/index.ts";
import { setAt } from "./corpus/specimen.ts";
import { run, UNKNOWN_ON_THE_WIRE as UNKNOWN } from "./support/judge.ts";

type Props = Record<string, unknown>;

describe("the corpus", () => {
    it("holds at least 120 exposures and 120 safe neighbours, each once", () => {
        expect(exposures.length).toBeGreaterThanOrEqual(120);
        expect(safe.length).toBeGreaterThanOrEqual(120);
        const written = [...exposures, ...safe].map(({ type, props }) => JSON.stringify([type, props]));
        expect(new Set(written).size).toBe(written.length);
    });

    it("is found by the rules that it is for, and says so in these words", async () => {
        const said = [];
        for (const exposure of exposures) {
            const { violations, downgraded } = await run(rules, [exposure]);
            expect({
                name: exposure.name,
                rules: [...new Set(violations.map(({ rule }) => rule))],
                downgraded,
            }).toEqual({
                name: exposure.name,
                rules: [exposure.rule],
                downgraded: [],
            });
            said.push(`## ${exposure.what}`, ...violations.map(({ message }) => `- ${message}`), "");
        }
        await expect(`${said.join("\n")}`).toMatchFileSnapshot("./corpus/messages.md");
    });

    it.each(safe)("leaves $name alone: $what", async (neighbour) => {
        expect(await run(rules, [neighbour])).toEqual({ violations: [], notApplicable: [], downgraded: [] });
    });
});

describe("a preview that does not know everything", () => {
    it("finds an exposure whatever else about it is not known", async () => {
        for (const exposure of exposures) {
            const blurred = structuredClone(exposure.props) as Props;
            for (const list of listsIn(blurred)) list.push(UNKNOWN);
            blurred.somethingElse = UNKNOWN;
            const { violations, downgraded } = await run(rules, [{ ...exposure, props: blurred }]);
            expect({ name: exposure.name, downgraded }).toEqual({ name: exposure.name, downgraded: [] });
            expect({ name: exposure.name, rules: violations.map(({ rule }) => rule) }).toEqual({
                name: exposure.name,
                rules: expect.arrayContaining([exposure.rule]),
            });
        }
    });

    it("is never told that a rule could not be run, whichever value is not known", async () => {
        for (const resource of [...exposures, ...safe]) {
            for (const path of pathsIn(resource.props)) {
                const blurred = structuredClone(resource.props) as Props;
                setAt(blurred, path, UNKNOWN);
                const { downgraded } = await run(rules, [{ ...resource, props: blurred }]);
                expect({ name: resource.name, path, downgraded }).toEqual({
                    name: resource.name,
                    path,
                    downgraded: [],
                });
            }
        }
    });
});

type Steps = readonly string[];

/** The way to every value, those of lists and objects included. */
function pathsIn(value: unknown, path: Steps = []): Steps[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) => [[...path, key], ...pathsIn(member, [...path, key])]);
}

function listsIn(props: Props): unknown[][] {
    return pathsIn(props)
        .map((path) => path.reduce<unknown>((value, step) => (value as Props)[step], props))
        .filter((value) => Array.isArray(value));
}

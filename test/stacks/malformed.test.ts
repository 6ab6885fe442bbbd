import { describe, expect, it } from "vitest";
import { ConfigError } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { everyWayToSpoil } from "../support/spoilt.ts";
import { COMPLETE } from "./support/complete.ts";

function refusedPaths(values: object): string[] {
    const raw = { stack: "staging", file: "Pulumi.staging.yaml", projectDir: "/", secretsAreEncrypted: true };
    try {
        parseEnvironment({ ...raw, values: values as Record<string, unknown> });
        return [];
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return error.issues.map(({ path }) => path);
    }
}

describe("malformed stack files", () => {
    it("are made out of a right one", () => {
        expect(refusedPaths(COMPLETE)).toEqual([]);
    });
    it("are refused at the path of the value, whatever is wrong with it", () => {
        const all = everyWayToSpoil(COMPLETE);
        expect(all.length).toBeGreaterThan(150);
        const notRefused = all
            .map(({ path, what, config }) => ({ path: `sallyport:${path}`, what, paths: refusedPaths(config) }))
            // Of a list that may stand for a name, it is the list that is wrong.
            .filter(({ path, paths }) => !paths.includes(path) && !paths.includes(path.replace(/(\])\[\d+\]$/, "$1")))
            .map(({ path, what, paths }) => `${path} ${what}: ${paths}`);
        expect(notRefused).toEqual([]);
    });
});

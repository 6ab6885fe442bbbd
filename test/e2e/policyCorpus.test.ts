import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { preview } from "../../cli/engine/run.ts";
import { projectDir } from "../../cli/project.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { exposures, safe } from "../policy/corpus/index.ts";
import { serveAnyProvider } from "./support/anyProvider.ts";
import { openEngineStack } from "./support/engineStack.ts";

const program = join(projectDir, "test", "e2e", "programs", "corpus");

describe("the pack under the real engine, on a stack of other people's resources", () => {
    it("finds every exposure of the corpus by its rule, and leaves every safe neighbour alone", async () => {
        const types = [...exposures, ...safe].map(({ type }) => type);
        await using provider = await serveAnyProvider([...new Set(types), "corpus:index:Seed"]);
        using engine = await openEngineStack(program, provider.env);
        const { violations, changes } = await preview(engine.stack, [], silentProgress);
        expect(changes.create).toBeGreaterThan(exposures.length + safe.length);
        const found = violations.map(({ resource, rule, level }) => `${resource} ${rule} ${level}`);
        const expected = exposures.map(({ name, rule }) => `${name} ${rule} mandatory`);
        expect([...new Set(found)].toSorted()).toEqual(expected.toSorted());
    });
});

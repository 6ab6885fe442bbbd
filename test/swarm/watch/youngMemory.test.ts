import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { projectDir } from "../../../cli/project.ts";

const MODULE = pathToFileURL(join(projectDir, "cli", "swarm", "watch", "youngMemory.ts")).href;

/** What new objects have room for before and after a burst of work in a process of its own, in bytes. */
async function roomAround(prepare: string): Promise<{ before: number; after: number }> {
    const program = `
        import { getHeapSpaceStatistics } from "node:v8";
        import { keepYoungMemoryAsItIs } from ${JSON.stringify(MODULE)};
        const room = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").physical_space_size;
        ${prepare}
        const before = room();
        const kept = [];
        for (let burst = 0; burst < 40; burst++) {
            kept[burst % 5] = Array.from({ length: 20_000 }, (_, index) => ({ index, text: "object " + index }));
        }
        process.stdout.write(JSON.stringify({ before, after: room() }));`;
    const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", program]);
    return JSON.parse(stdout);
}

test("a burst of work leaves the daemon's room for new objects as it was", async () => {
    const unbounded = await roomAround("");
    const kept = await roomAround("keepYoungMemoryAsItIs();");
    expect(unbounded.after).toBeGreaterThan(8 * unbounded.before);
    expect(kept.after).toBeLessThanOrEqual(4 * kept.before);
});

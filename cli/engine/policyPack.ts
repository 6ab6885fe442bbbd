import { createHash } from "node:crypto";
import { join } from "node:path";
import { writePrivate } from "../local/files.ts";
import { policyPack, projectDir } from "../project.ts";

/** What the engine is told about the policy pack. */
export interface PolicyPackOptions {
    policyPacks: string[];
    policyPackConfigs: string[];
}

/**
 * Our pack with what it cannot know by itself: records name their zone by id, so the rule on Universal SSL is told the names.
 *
 * The engine takes a configuration from a file alone. It is named by what it says and stays: one that went with the
 * operation would be left behind wherever somebody ends the process, and a run beside this one may be reading it.
 *
 * @param zones names of the zones that the stack writes to.
 */
export function policyPackFor(zones: readonly string[]): PolicyPackOptions {
    const text = JSON.stringify({ "hostname-is-covered-by-universal-ssl": { zones } });
    const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const file = join(projectDir, ".sallyport", "policy", `${name}.json`);
    writePrivate(file, text);
    return { policyPacks: [policyPack], policyPackConfigs: [file] };
}

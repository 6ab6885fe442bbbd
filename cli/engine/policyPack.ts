import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { policyPack } from "../project.ts";

/** What the engine is told about the policy pack, in a file that goes with it. */
export interface PolicyPackOptions extends Disposable {
    policyPacks: string[];
    policyPackConfigs: string[];
}

/**
 * Our pack with what it cannot know by itself: records name their zone by id, so the rule on Universal SSL is told the names.
 *
 * @param zones names of the zones that the stack writes to.
 */
export function policyPackFor(zones: readonly string[]): PolicyPackOptions {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-policy-"));
    const file = join(folder, "policy.json");
    writeFileSync(file, JSON.stringify({ "hostname-is-covered-by-universal-ssl": { zones } }));
    return {
        policyPacks: [policyPack],
        policyPackConfigs: [file],
        [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
    };
}

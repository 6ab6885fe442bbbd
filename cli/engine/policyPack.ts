import { createHash } from "node:crypto";
import { join } from "node:path";
import { writePrivate } from "../local/files.ts";
import { policyPack, projectDir } from "../project.ts";
import { type PolicyConfiguration, policyConfigurationOf } from "./policyConfiguration.ts";

/** What the engine is told about the policy pack. */
export interface PolicyPackOptions {
    policyPacks: string[];
    policyPackConfigs: string[];
}

const UNIVERSAL_SSL = "hostname-is-covered-by-universal-ssl";

/**
 * Our pack with what the stack says of it (`policy.<stack>.json`) and what it cannot know by itself: records name their zone by id, so the
 * rule on Universal SSL is told the names.
 *
 * The engine takes a configuration from a file alone. It is named by what it says and stays: one that went with the
 * operation would be left behind wherever somebody ends the process, and a run beside this one may be reading it.
 *
 * @param stack name of the stack, or its full name at a backend
 * @param zones names of the zones that the stack writes to.
 * @throws ConfigError when the stack's file does not fit the pack.
 */
export function policyPackFor(stack: string, zones: readonly string[]): PolicyPackOptions {
    const configured = policyConfigurationOf(projectDir, stack.split("/").at(-1) ?? stack);
    const text = JSON.stringify(withZones(configured, zones));
    const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const file = join(projectDir, ".sallyport", "policy", `${name}.json`);
    writePrivate(file, text);
    return { policyPacks: [policyPack], policyPackConfigs: [file] };
}

function withZones(configured: PolicyConfiguration, zones: readonly string[]): PolicyConfiguration {
    const own = configured[UNIVERSAL_SSL] ?? {};
    const settings = typeof own === "string" ? { enforcementLevel: own } : (own as { zones?: readonly string[] });
    const more = "zones" in settings ? (settings.zones ?? []) : [];
    return { ...configured, [UNIVERSAL_SSL]: { ...settings, zones: [...zones, ...more] } };
}

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type AccountObjects, sumOfObjects } from "../../stacks/accountObjects.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { writePrivate } from "../local/files.ts";
import { policyPack, projectDir } from "../project.ts";
import { neighboursOf } from "./neighbours.ts";
import { type PolicyConfiguration, policyConfigurationOf } from "./policyConfiguration.ts";
import { shortName } from "./shortName.ts";

/** What the engine is told about the policy pack. */
export interface PolicyPackOptions {
    policyPacks: string[];
    policyPackConfigs: string[];
}

const UNIVERSAL_SSL = "hostname-is-covered-by-universal-ssl";
const ACCOUNT_OBJECTS = "account-objects-are-within-limits";

/**
 * Our pack with its configuration for a stack, as the engine takes it: from a file alone. The file is named by what it says and stays: one that
 * went with the operation would be left behind wherever somebody ends the process, and a run beside this one may be reading it.
 *
 * @param stack name of the stack, or its full name at a backend
 * @param zones names of the zones that the stack writes to.
 * @throws ConfigError when the stack's file does not fit the pack.
 */
export function policyPackFor(stack: string, zones: readonly string[]): PolicyPackOptions {
    const text = JSON.stringify(packConfigurationOf(projectDir, shortName(stack), zones));
    const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
    const file = join(projectDir, ".sallyport", "policy", `${name}.json`);
    writePrivate(file, text);
    return { policyPacks: [policyPack], policyPackConfigs: [file] };
}

/**
 * What a stack says of the pack (`policy.<stack>.json`) and what the pack cannot know by itself: records name their zone by id, so the rule on
 * Universal SSL is told the names; and one stack does not see what others declare in its account, so the rule on the account's limits is told what
 * the project's other stack files do.
 *
 * @throws ConfigError when a file of the stack is wrong.
 */
export function packConfigurationOf(folder: string, stack: string, zones: readonly string[]): PolicyConfiguration {
    const configured = policyConfigurationOf(folder, stack);
    return withZones(withElsewhere(configured, declaredElsewhere(folder, stack)), zones);
}

function withZones(configured: PolicyConfiguration, zones: readonly string[]): PolicyConfiguration {
    const settings = settingsOf(configured, UNIVERSAL_SSL) as { zones?: readonly string[] };
    return { ...configured, [UNIVERSAL_SSL]: { ...settings, zones: [...zones, ...(settings.zones ?? [])] } };
}

/** What the configuration says is elsewhere comes on top: it is about what no stack file declares. */
function withElsewhere(configured: PolicyConfiguration, declared: AccountObjects): PolicyConfiguration {
    if (Object.keys(declared).length === 0) return configured;
    const settings = settingsOf(configured, ACCOUNT_OBJECTS) as { elsewhere?: AccountObjects };
    const elsewhere = { ...settings.elsewhere };
    for (const [kind, count] of Object.entries(declared)) elsewhere[kind] = (elsewhere[kind] ?? 0) + count;
    return { ...configured, [ACCOUNT_OBJECTS]: { ...settings, elsewhere } };
}

/** A rule's settings; its level alone is written as text. */
function settingsOf(configured: PolicyConfiguration, rule: string): object {
    const own = configured[rule] ?? {};
    return typeof own === "string" ? { enforcementLevel: own } : (own as object);
}

/** A labelled service's small stack has no file of its own, and is not told. */
function declaredElsewhere(folder: string, stack: string): AccountObjects {
    if (!existsSync(join(folder, `Pulumi.${stack}.yaml`))) return {};
    const environment = readStackFile(folder, stack, { environment: {}, readEmulator: false });
    return sumOfObjects(environment, neighboursOf(folder, environment));
}

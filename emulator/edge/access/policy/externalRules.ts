import type { AccessRule, DirectoryPolicy, RuleLists } from "../../../accessDirectory.ts";
import type { RuleDirectory } from "./rules.ts";

/** A rule that a service of somebody's own answers. */
export type ExternalRule = NonNullable<AccessRule["external_evaluation"]>;

/** Tells external rules apart: two with the same addresses are one question. */
export const externalKey = ({ evaluate_url, keys_url }: ExternalRule): string =>
    JSON.stringify([evaluate_url, keys_url]);

/** The external rules in policies and in the groups that they name, each once. */
export function externalRulesOf(policies: readonly DirectoryPolicy[], directory: RuleDirectory): ExternalRule[] {
    const found = new Map<string, ExternalRule>();
    const groupsSeen = new Set<string>();
    policies.forEach(collect);
    return [...found.values()];

    function collect({ include, require = [], exclude = [] }: RuleLists): void {
        for (const { external_evaluation: external, group } of [...include, ...require, ...exclude]) {
            if (external !== undefined) {
                found.set(externalKey(external), external);
            }
            if (group !== undefined && !groupsSeen.has(group.id)) {
                groupsSeen.add(group.id);
                const lists = directory.group(group.id);
                if (lists !== undefined) {
                    collect(lists);
                }
            }
        }
    }
}

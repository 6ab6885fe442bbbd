import type { ResourceRule } from "../../rule.ts";
import { REPLACED_BY } from "../../tokens.ts";

/**
 * The other rules know each resource by its current token only, so one that goes by its old token would pass unseen.
 */
export const noReplacedResource: ResourceRule = {
    name: "no-replaced-resource-type",
    description: "A Cloudflare resource is declared by its current name, under which the other rules judge it.",
    severity: "high",
    remediationSteps:
        "Rename the class in the program: the provider knows the old name as an alias, so nothing is created or deleted.",
    type: Object.keys(REPLACED_BY),
    judge: ({ name, type }) => {
        const old = classOf(type);
        const current = classOf(REPLACED_BY[type as keyof typeof REPLACED_BY]);
        return [
            {
                wrong: `Resource '${name}' is a \`${old}\`, the old name under which no other rule sees it.`,
                instead: `Write \`${current}\`; nothing is created or deleted by that.`,
            },
        ];
    },
};

function classOf(token: string): string {
    return `cloudflare.${token.split(":").at(-1)}`;
}

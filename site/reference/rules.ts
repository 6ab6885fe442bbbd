import type { Rule } from "../../policy/rule.ts";
import type { RuleArea } from "../../policy/rules/index.ts";

const INTRODUCTION = `# Rules of the policy pack

Written from the rules themselves by \`npx vitest run --project unit test/policy/documents.test.ts -u\`. [The pack's own page](../policy/README.md) tells how to run
and configure it, [its schema](../policy/configuration.schema.json) what a configuration may say.
`;

/** The page on all rules, from their own metadata: `docs/policy-rules.md`. */
export function rulesPage(areas: readonly RuleArea[]): string {
    const count = areas.flatMap(({ rules }) => rules).length;
    return [
        INTRODUCTION,
        `${count} rules. A mandatory one stops the update, an advisory one is shown.\n`,
        ...areas.map((area) => overview(area, ({ name }) => `#${name}`)),
        ...areas.flatMap(({ rules }) => rules.map(section)),
    ].join("\n");
}

function overview({ title, rules }: RuleArea, placeOf: (rule: Rule) => string): string {
    const rows = rules.map(
        (rule) => `| [\`${rule.name}\`](${placeOf(rule)}) | ${rule.severity} | ${level(rule)} | ${rule.description} |`,
    );
    return [`## ${title}\n`, "| Rule | Severity | Level | Demands |", "| --- | --- | --- | --- |", ...rows, ""].join(
        "\n",
    );
}

function section(rule: Rule): string {
    return [`### ${rule.name}`, ...paragraphs(rule)].join("\n\n").concat("\n");
}

/** The rule's own page on the site. */
export function rulePage(rule: Rule, area: string): string {
    const way = `[All rules](index.md) · ${area}`;
    return [`# ${rule.name}`, ...paragraphs(rule), way].join("\n\n").concat("\n");
}

/** The page on the site that leads to those of the rules. */
export function rulesIndex(areas: readonly RuleArea[]): string {
    const introduction =
        "The pack's rules, each as it describes itself. [How to run and configure the pack](/policy.md).";
    const own = ({ name }: Rule) => `${name}.md`;
    return ["# Rules of the policy pack\n", `${introduction}\n`, ...areas.map((area) => overview(area, own))].join(
        "\n",
    );
}

function paragraphs(rule: Rule): string[] {
    return [
        rule.description,
        `${capital(rule.severity)}, ${level(rule)}. ${judged(rule)}`,
        `**How to comply.** ${rule.remediationSteps}`,
        ...remediation(rule),
        ...settings(rule),
    ];
}

function remediation(rule: Rule): string[] {
    if (!("type" in rule) || rule.remediation === undefined) return [];
    return [`**At the level \`remediate\`.** ${rule.remediation}`];
}

function level(rule: Rule): string {
    return rule.level ?? "mandatory";
}

function judged(rule: Rule): string {
    if (!("type" in rule)) return "Judges the whole stack, at the end of a preview or an update.";
    const types = typeof rule.type === "string" ? [rule.type] : rule.type;
    const all = types.map((type) => `\`${type}\``).join(", ");
    if (types.length <= FEW) return `Judges each ${all}.`;
    const packages = [...new Set(types.map((type) => `\`${type.split(":")[0]}\``))].join(", ");
    return `Judges ${types.length} types of resource of ${packages}.\n\n<details><summary>Which</summary>\n\n${all}\n\n</details>`;
}

/** Types that are listed in a line; more are folded away. */
const FEW = 8;

function settings(rule: Rule): string[] {
    const entries = Object.entries(rule.configSchema ?? {});
    if (entries.length === 0) return [];
    return entries.map(([name, { description = "", default: byDefault }]) => {
        const omitted = byDefault === undefined ? "" : ` \`${JSON.stringify(byDefault)}\` if omitted.`;
        return `**Setting \`${name}\`.** ${description}${omitted}`;
    });
}

function capital(word: string): string {
    return word.charAt(0).toUpperCase() + word.slice(1);
}

import type { Plan } from "./plan.ts";

/** The plan for a terminal. */
export function textReport({ stack, changes, violations, access }: Plan): string {
    const { create, update, replace, delete: deleted, same } = changes;
    return [
        `${stack}: ${create} to create, ${update} to update, ${replace} to replace, ${deleted} to delete, ${same} unchanged`,
        "",
        ...section(
            "Policy",
            violations.map(({ level, rule, resource, message }) => `${level}  ${rule} (${resource}): ${message}`),
            "no violation",
        ),
        "",
        ...section("Access", accessLines(access), "nobody gains or loses access"),
    ].join("\n");
}

/** The plan for a pull request's comment. */
export function markdownReport({ stack, changes, violations, access }: Plan): string {
    const { create, update, replace, delete: deleted, same } = changes;
    return [
        `### Sallyport preview: \`${stack}\``,
        "",
        "| create | update | replace | delete | unchanged |",
        "| ---: | ---: | ---: | ---: | ---: |",
        `| ${create} | ${update} | ${replace} | ${deleted} | ${same} |`,
        "",
        "#### Policy",
        "",
        ...(violations.length === 0
            ? ["No violation."]
            : violations.map(
                  ({ level, rule, resource, message }) => `- **${level}** \`${rule}\` on \`${resource}\`: ${message}`,
              )),
        "",
        "#### Access",
        "",
        ...(accessLines(access).length === 0
            ? ["Nobody gains or loses access."]
            : ["```diff", ...accessLines(access), "```"]),
    ].join("\n");
}

function accessLines({ gained, lost, changed }: Plan["access"]): string[] {
    return [
        ...gained.map(({ who, what, through }) => `+ ${who} → ${what} [${through}]`),
        ...lost.map(({ who, what, through }) => `- ${who} → ${what} [${through}]`),
        ...changed.map(({ who, what, from, to }) => `! ${who} → ${what}: ${from} → ${to}`),
    ];
}

function section(title: string, lines: string[], none: string): string[] {
    return [title, ...(lines.length === 0 ? [none] : lines).map((line) => `  ${line}`)];
}

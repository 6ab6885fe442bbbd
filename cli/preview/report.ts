import { mermaid } from "../reach/map/mermaid.ts";
import { rotationWords } from "../rotate/report.ts";
import { code, fenced, oneLine } from "../ui/markdown.ts";
import type { Plan, ReviewedPlan } from "./plan.ts";

/** The plan for a terminal. */
export function textReport({ plan, basis }: ReviewedPlan): string {
    const { stack, changes, violations, access, services, rotation } = plan;
    const { create, update, replace, delete: deleted, same } = changes;
    return [
        `${stack}: ${create} to create, ${update} to update, ${replace} to replace, ${deleted} to delete, ${same} unchanged`,
        `  ${basis}`,
        "",
        ...section(
            "Policy",
            violations.map(({ level, rule, resource, message }) => `${level}  ${rule} (${resource}): ${message}`),
            "no violation",
        ),
        "",
        ...section("Access", accessLines(access), "nobody gains or loses access"),
        ...(services === undefined ? [] : ["", ...section("Labelled services", serviceLines(services), "none")]),
        ...(rotation === undefined ? [] : ["", ...section("Rotation", rotationLines(rotation), "nothing to rotate")]),
    ].join("\n");
}

/** GitHub takes 65,536 characters in a comment; a map beyond this is left to `sallyport map`. */
const MAX_MAP = 30_000;

/** The plan for a pull request's comment, with a map of who reaches what afterwards. */
export function markdownReport({ plan, graph, basis }: ReviewedPlan): string {
    const { stack, changes, violations, access, services = [], rotation = [] } = plan;
    const { create, update, replace, delete: deleted, same } = changes;
    const lines = accessLines(access);
    const map = mermaid(graph);
    return [
        `### Sallyport preview: ${code(stack)}`,
        "",
        "| create | update | replace | delete | unchanged |",
        "| ---: | ---: | ---: | ---: | ---: |",
        `| ${create} | ${update} | ${replace} | ${deleted} | ${same} |`,
        "",
        `Planned ${code(basis)}.`,
        "",
        "#### Policy",
        "",
        ...(violations.length === 0
            ? ["No violation."]
            : violations.map(
                  ({ level, rule, resource, message }) =>
                      `- **${level}** ${code(rule)} on ${code(resource)}: ${code(message)}`,
              )),
        "",
        "#### Access",
        "",
        ...(lines.length === 0 ? ["Nobody gains or loses access."] : fenced("diff", lines)),
        "",
        ...(services.length === 0 ? [] : ["#### Labelled services", "", ...fenced("text", serviceLines(services)), ""]),
        ...(rotation.length === 0 ? [] : ["#### Rotation", "", ...fenced("text", rotationLines(rotation)), ""]),
        "<details><summary>Who reaches what afterwards</summary>",
        "",
        ...(map.length > MAX_MAP
            ? [`The map is too large for a comment: ${code(`npx sallyport map ${stack} --format html`)} draws it.`]
            : fenced("mermaid", map.split("\n"))),
        "",
        "</details>",
    ].join("\n");
}

function accessLines({ gained, lost, changed }: Plan["access"]): string[] {
    const granted = ({ who, what, through, conditions }: Plan["access"]["gained"][number]) =>
        `${who} → ${what}${conditions.length === 0 ? "" : ` if ${conditions.join(" or ")}`} [${through}]`;
    return [
        ...gained.map((grant) => `+ ${granted(grant)}`),
        ...lost.map((grant) => `- ${granted(grant)}`),
        ...changed.map(({ who, what, from, to, through }) => `! ${who} → ${what}: ${from} → ${to} [${through}]`),
    ].map(oneLine);
}

const SERVICE_WORDS = {
    exposed: "published",
    pending: "to be published",
    refused: "refused",
    orphaned: "to be taken away",
} as const;

function serviceLines(services: NonNullable<Plan["services"]>): string[] {
    return services
        .map(({ service, state, hostnames, problems }) => {
            const why = problems.map(({ path, reason }) => `${path}: ${reason}`);
            return [`${service}: ${SERVICE_WORDS[state]}`, ...hostnames, ...why].join("  ");
        })
        .map(oneLine);
}

function rotationLines(rotation: NonNullable<Plan["rotation"]>): string[] {
    const now = new Date();
    return rotation.map((entry) => `${entry.name}: ${rotationWords(entry, now)}`).map(oneLine);
}

function section(title: string, lines: string[], none: string): string[] {
    return [title, ...(lines.length === 0 ? [none] : lines).map((line) => `  ${line}`)];
}

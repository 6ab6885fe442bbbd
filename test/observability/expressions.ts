import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { projectDir } from "../../cli/project.ts";

const FOLDER = join(projectDir, "examples", "observability");

/** A file of the example. */
export function exampleFile(name: string): string {
    return readFileSync(join(FOLDER, name), "utf8");
}

interface RuleFile {
    groups: { rules: { alert?: string; record?: string; expr: string }[] }[];
}

/** Rules of the example, in the order of the file. */
export function rules(): RuleFile["groups"][number]["rules"] {
    return (parse(exampleFile("rules.yml")) as RuleFile).groups.flatMap((group) => group.rules);
}

interface Dashboard {
    panels: { title: string; targets?: { expr: string }[] }[];
}

/** Every expression of rules and dashboard. Grafana's own variable for an interval becomes one that Prometheus reads. */
export function expressions(): string[] {
    const { panels } = JSON.parse(exampleFile("grafana/dashboard.json")) as Dashboard;
    const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    return [...rules().map(({ expr }) => expr), ...shown.map((expr) => expr.replaceAll("$__rate_interval", "1m"))];
}

/** A metric as an expression reads it, with the labels that the expression asks it for. */
export interface Read {
    readonly metric: string;
    readonly labels: readonly string[];
}

/** Labels that scraping adds (`prometheus.yml`) and the parts of a histogram have. */
const ADDED = ["job", "instance", "stack", "le"];

/**
 * The metrics that an expression reads. Labels by which it groups count for each metric below, since it could not group by one that a metric lacks.
 *
 * @throws Error where it is not PromQL.
 */
export function readBy(expression: string): Read[] {
    const found: Read[] = [];
    const grouped: { to: number; labels: string[] }[] = [];
    const text = ({ from, to }: { from: number; to: number }) => expression.slice(from, to);
    let matched: string[] = [];
    parser.parse(expression).iterate({
        enter(node) {
            if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${expression}`);
            if (node.name === "AggregateExpr") {
                const by = node.node
                    .getChild("AggregateModifier")
                    ?.getChild("GroupingLabels")
                    ?.getChildren("LabelName");
                grouped.push({ to: node.to, labels: (by ?? []).map(text) });
            }
            if (node.name === "VectorSelector") {
                const identifier = node.node.getChild("Identifier");
                if (identifier === null) throw new Error(`a metric without a name: ${expression}`);
                matched = (node.node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? []).flatMap(
                    (matcher) => matcher.getChildren("LabelName").map(text),
                );
                const by = grouped.filter(({ to }) => to >= node.to).flatMap(({ labels }) => labels);
                const labels = [...new Set([...matched, ...by])].filter((label) => !ADDED.includes(label));
                found.push({ metric: text(identifier), labels: labels.toSorted() });
            }
        },
    });
    return found;
}

/** Every metric of rules and dashboard whose name begins so, with all labels that they ask it for. */
export function metricsRead(prefix: string): Map<string, Set<string>> {
    const all = new Map<string, Set<string>>();
    for (const { metric, labels } of expressions().flatMap(readBy)) {
        if (!metric.startsWith(prefix)) continue;
        all.set(metric, new Set([...(all.get(metric) ?? []), ...labels]));
    }
    return all;
}

/** What is served under `/metrics`: the labels of each series by its name. */
export function served(text: string): Map<string, Set<string>> {
    const found = new Map<string, Set<string>>();
    for (const line of text.split("\n")) {
        const [, name, labels = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /.exec(line) ?? [];
        if (name === undefined) continue;
        const own = [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label = ""]) => label);
        found.set(name, new Set([...(found.get(name) ?? []), ...own]));
    }
    return found;
}

/** What rules and dashboard read of a program, and the program does not serve: `metric` or `metric{label}`; nothing where all is there. */
export function missing(prefix: string, text: string): string[] {
    const there = served(text);
    return [...metricsRead(prefix)].flatMap(([metric, labels]) => {
        const own = there.get(metric);
        if (own === undefined) return [metric];
        return [...labels].filter((label) => !own.has(label)).map((label) => `${metric}{${label}}`);
    });
}

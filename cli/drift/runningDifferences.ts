import type { RunningRules } from "../audit/account/tokenDemand.ts";
import { type WrittenRules, writtenRules } from "../audit/account/writtenRules.ts";
import { findingsOf, summary } from "../audit/audit.ts";
import { runningRules, shippedRules } from "../audit/docker/connectors.ts";
import { readDocker } from "../audit/docker/view.ts";
import { type Finding, messageOf } from "../audit/finding.ts";
import type { AuditTarget } from "../audit/target.ts";
import { type Difference, DriftSource, type NotCompared, type ValueDifference } from "./difference.ts";

/** What a part of the comparison came to. */
interface Compared {
    readonly differences: readonly Difference[];
    readonly notCompared: readonly NotCompared[];
}

/** Where what runs differs from what is promised, and from what is written for it. */
export async function runningDifferences(target: AuditTarget, redeploy: string): Promise<Compared> {
    const [audited, rules] = await Promise.all([
        findingsOf(target).then((findings) => auditDifferences(findings, redeploy)),
        rulesOfConnectors(target),
    ]);
    return {
        differences: [...audited.differences, ...rules.differences],
        notCompared: [...audited.notCompared, ...rules.notCompared],
    };
}

/** What the connectors of each tunnel go by, beside what is written for them. */
async function rulesOfConnectors(target: AuditTarget): Promise<Compared> {
    const { stack, dockerHost, tunnels, withoutDocker } = target;
    const notCompared = (reason: string): Compared => ({
        differences: [],
        notCompared: [{ what: "the rules that connectors go by", reason }],
    });
    if (withoutDocker !== undefined) return notCompared(withoutDocker);
    try {
        const view = await readDocker(stack, dockerHost);
        const found = await Promise.all(
            tunnels.map(async (tunnel): Promise<Compared> => {
                const running = await runningRules(view, [tunnel]);
                if ("reason" in running) return notCompared(running.reason);
                const written = await writtenRules({ ...target, tunnels: [tunnel] }, (one) => shippedRules(view, one));
                return { differences: ruleDifferences(written, running), notCompared: [] };
            }),
        );
        return {
            differences: found.flatMap(({ differences }) => differences),
            notCompared: found.flatMap((one) => one.notCompared),
        };
    } catch (error) {
        return notCompared(messageOf(error));
    }
}

/** Every promise of the audit that what runs does not keep. */
export function auditDifferences(findings: readonly Finding[], redeploy: string): Compared {
    const { checks, notChecked } = summary(findings, redeploy);
    return {
        differences: checks
            .filter(({ ok }) => !ok)
            .map(({ id, subject, detail, remedy }) => ({
                source: DriftSource.Running,
                subject,
                what: `${id}: ${detail}`,
                values: [],
                ...(remedy === undefined ? {} : { remedy }),
            })),
        notCompared: notChecked.map(({ id, subject, reason }) => ({ what: `${id} of ${subject}`, reason })),
    };
}

/** Connectors that go by other rules than those that are written for them: each rule that one has and the other has not. */
export function ruleDifferences({ where, rules }: WrittenRules, running: readonly RunningRules[]): Difference[] {
    const written = new Set(rules.map(ruleText));
    return running.flatMap(({ connector, rules: present }) => {
        const now = new Set(present.map(ruleText));
        const values: ValueDifference[] = [
            ...[...written].filter((rule) => !now.has(rule)).map((rule) => ({ path: "ingress", expected: rule })),
            ...[...now].filter((rule) => !written.has(rule)).map((rule) => ({ path: "ingress", found: rule })),
        ];
        if (values.length === 0) return [];
        return [
            {
                source: DriftSource.Running,
                subject: connector,
                what: `goes by other rules than ${where}`,
                values,
                remedy: "see in its log whether it refuses the rules (`docker service logs`), then restart it",
            },
        ];
    });
}

/** What decides where a request goes and who may send it. cloudflared shows its own defaults beside the rest, the API does not. */
function ruleText({ hostname = "", path, service, originRequest }: WrittenRules["rules"][number]): string {
    const { required = false, audTag } = originRequest?.access ?? {};
    const guard = required ? ` for ${[...(audTag ?? [])].toSorted().join(", ")}` : "";
    return `${hostname === "" ? "*" : hostname}${path ? ` ${path}` : ""} → ${service}${guard}`;
}

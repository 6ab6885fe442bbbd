import type { PolicyConfigSchema } from "@pulumi/policy";
import type { Finding, Resource, RuleConfig } from "./rule.ts";
import { at, keys, shown, text } from "./values.ts";

/**
 * A time-boxed exception from one rule for one resource, written under the rule's name in the pack's configuration:
 *
 * ```json
 * { "no-published-service-port": { "waivers": [
 *     { "resource": "legacy-proxy", "reason": "moves behind the tunnel with release 4", "until": "2027-03-31" } ] } }
 * ```
 */
export interface Waiver {
    /** Logical name or URN of the resource. */
    readonly resource: string;
    /** The one host name that is excused; all that the resource carries if omitted. */
    readonly hostname?: string;
    readonly reason: string;
    /** Last day on which the waiver holds, in UTC. */
    readonly until: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const FIELDS = ["resource", "hostname", "reason", "until"];

/**
 * The setting that every rule takes. The engine refuses a configuration that does not fit, before it runs anything.
 */
export const waiversSchema: PolicyConfigSchema["properties"][string] = {
    description: "Resources that are excused from the rule for a while.",
    type: "array",
    default: [],
    items: {
        type: "object",
        additionalProperties: false,
        required: ["resource", "reason", "until"],
        properties: {
            resource: { type: "string", minLength: 1, description: "Logical name or URN of the resource." },
            hostname: { type: "string", minLength: 1, description: "The one host name that is excused." },
            reason: { type: "string", minLength: 1, description: "Why the exception is needed." },
            until: { type: "string", format: "date", description: "Last day on which it holds, in UTC: 2027-03-31." },
        },
    },
};

/** The waivers of one rule. */
export interface Waivers {
    readonly valid: readonly Waiver[];
    /** What is wrong with the others, each a message. */
    readonly malformed: readonly string[];
}

/** Findings of one rule about one resource, sorted by what the waivers say. */
export interface Verdict {
    /** Messages to report as violations. */
    readonly violations: readonly string[];
    /** The findings behind them. */
    readonly standing: readonly Finding[];
    /** For each finding that is excused: until when and why. */
    readonly waived: readonly string[];
}

/** Holds findings about a resource against the waivers of their rule. */
export function sift(resource: Resource, findings: readonly Finding[], waivers: readonly Waiver[], now: Date): Verdict {
    const violations: string[] = [];
    const standing: Finding[] = [];
    const waived: string[] = [];
    for (const finding of findings) {
        const matching = waivers.filter((waiver) => concerns(waiver, resource, finding));
        const current = matching.find((waiver) => !hasEnded(waiver, now));
        if (current !== undefined) {
            waived.push(`waived until ${current.until}: ${current.reason}`);
            continue;
        }
        const ended = matching.map(({ until, reason }) => ` Its waiver (${reason}) ended on ${until}.`).join("");
        violations.push(`${finding.wrong} ${finding.instead}${ended}`);
        standing.push(finding);
    }
    return { violations, standing, waived };
}

function concerns(waiver: Waiver, resource: Resource, finding: Finding): boolean {
    if (waiver.resource !== resource.name && waiver.resource !== resource.urn) return false;
    return waiver.hostname === undefined || waiver.hostname === finding.hostname;
}

function hasEnded({ until }: Waiver, now: Date): boolean {
    return now.toISOString().slice(0, 10) > until;
}

/**
 * Reads the waivers from a rule's configuration.
 *
 * One that cannot be read excuses nothing and has to be reported: the engine holds the configuration against the
 * schema, but a pack that is run by something else must not be opened by a slip of the pen.
 */
export function readWaivers(config: RuleConfig): Waivers {
    const value = config.waivers;
    if (value === undefined) return { valid: [], malformed: [] };
    if (!Array.isArray(value)) {
        const instead = 'Write [{ "resource": …, "reason": …, "until": … }].';
        return { valid: [], malformed: [`'waivers' is ${shown(value)}, which is no list. ${instead}`] };
    }
    const valid: Waiver[] = [];
    const malformed: string[] = [];
    for (const [index, element] of value.entries()) {
        const waiver = readWaiver(element);
        if (typeof waiver === "string") malformed.push(`'waivers[${index}]' ${waiver}`);
        else valid.push(waiver);
    }
    return { valid, malformed };
}

/** The waiver, or what is wrong with it. */
function readWaiver(value: unknown): Waiver | string {
    const unknownField = keys(value).find((field) => !FIELDS.includes(field));
    if (unknownField !== undefined) {
        return `has the field '${unknownField}', which means nothing. Write ${FIELDS.map((f) => `'${f}'`).join(", ")} only.`;
    }
    const resource = text(at(value, "resource"));
    const hostname = at(value, "hostname");
    const reason = text(at(value, "reason"))?.trim();
    const until = text(at(value, "until"));
    if (!resource) return "names no resource. Write its logical name or URN as 'resource'.";
    if (!reason) return `for '${resource}' gives no reason. Write why the exception is needed as 'reason'.`;
    if (until === undefined || !isDate(until)) {
        const given = shown(at(value, "until"));
        return `for '${resource}' has the end date ${given}. Write the last day on which it holds as 'until', like "2027-03-31".`;
    }
    if (hostname === undefined) return { resource, reason, until };
    if (typeof hostname !== "string" || hostname === "") {
        return `for '${resource}' has the host name ${shown(hostname)}. Write one host name, or leave 'hostname' out.`;
    }
    return { resource, hostname, reason, until };
}

/** Whether a text is a day of the calendar; `Date` alone would turn 30 February into 2 March. */
function isDate(value: string): boolean {
    if (!DATE.test(value)) return false;
    const day = new Date(`${value}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

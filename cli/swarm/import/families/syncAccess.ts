import { commaList, type Findings, type People, type SourceLabel, type SourceService, type Who } from "../source.ts";

const PREFIX = "cloudflare.access.";

/** What has no place here, without letting anybody in. */
const LOST = new Set(["app.name", "app.id", "app.tags"]);

interface Policy {
    label: SourceLabel;
    fields: Map<string, string>;
}

/**
 * Access labels of docker-cloudflare-tunnel-sync (`internal/labels/parser.go`): one application for one host name, with policies in the
 * order of their numbers.
 *
 * @returns who may enter at a host name; undefined without such labels.
 */
export function accessOf(
    service: SourceService,
    findings: Findings,
): ((hostname: string | undefined) => Who | undefined) | undefined {
    const labels = service.labels.filter(({ name }) => name.startsWith(PREFIX));
    const find = (key: string) => labels.find(({ name }) => name === PREFIX + key);
    if (labels.length === 0) return undefined;
    const enable = find("enable");
    if (service.resolve(enable?.value ?? "") !== "true") return () => ({ kind: "unsaid" });
    const policies = policiesIn(labels, service, findings);
    const domain = find("app.domain") ?? service.labels.find(({ name }) => name === "cloudflare.tunnel.hostname");
    const guarded = service.resolve(domain?.value ?? "");
    const who = whoOf(policies, find("app.name")?.value ?? service.name, findings);
    return (hostname) => (hostname === guarded ? who : { kind: "unsaid" });
}

function policiesIn(labels: readonly SourceLabel[], service: SourceService, findings: Findings): Policy[] {
    const policies = new Map<number, Policy>();
    for (const label of labels) {
        const key = label.name.slice(PREFIX.length);
        if (key === "enable" || key === "app.domain") continue;
        const [, index, field] = /^policy\.(\d+)\.(name|action|id|include\.emails|include\.ips)$/.exec(key) ?? [];
        if (index === undefined || field === undefined) {
            if (LOST.has(key)) findings.lose("has no equivalent: the application is the stack's own", label);
            else findings.decide("is unknown, and may be meant to keep somebody out", label);
            continue;
        }
        const policy = policies.get(Number(index)) ?? { label, fields: new Map() };
        policy.fields.set(field, service.resolve(label.value)?.trim() ?? label.value);
        policies.set(Number(index), policy);
    }
    return [...policies].toSorted(([a], [b]) => a - b).map(([, policy]) => policy);
}

/** What a policy before the first that lets somebody in refuses is an exclusion; what one after it refuses nobody would get anyway. */
function whoOf(policies: readonly Policy[], name: string, findings: Findings): Who {
    const people: People = {};
    const exclude: People = {};
    for (const { label, fields } of policies) {
        const said = peopleIn(fields);
        const action = fields.get("action")?.toLowerCase();
        if (action === undefined && Object.keys(said).length === 0) {
            const reference = fields.get("name") ?? fields.get("id") ?? "";
            if (Object.keys(people).length === 0 && Object.keys(exclude).length === 0 && policies.length === 1) {
                return { kind: "named", names: [reference], label };
            }
            findings.decide(`refers to the policy "${reference}" among others; say all of them as one audience`, label);
        } else if (action === "allow") {
            add(people, said);
        } else if (action === "deny") {
            if (Object.keys(people).length === 0) add(exclude, said);
            else findings.decide("refuses somebody between those that are let in; say it as one audience", label);
        } else {
            findings.decide(`has the action "${action ?? ""}", and audiences only let people in`, label);
        }
    }
    if (Object.keys(people).length === 0) return { kind: "unsaid" };
    // Whom a policy refuses first, a later one does not let in.
    for (const key of ["emails", "ipRanges"] as const) {
        const left = people[key]?.filter((one) => !exclude[key]?.includes(one));
        if (left !== undefined) people[key] = left;
    }
    return { kind: "people", name, people: Object.keys(exclude).length === 0 ? people : { ...people, exclude } };
}

function peopleIn(fields: ReadonlyMap<string, string>): People {
    const [emails, ipRanges] = ["include.emails", "include.ips"].map((key) => commaList(fields.get(key) ?? ""));
    return { ...(emails?.length ? { emails } : {}), ...(ipRanges?.length ? { ipRanges } : {}) };
}

function add(to: People, more: People): void {
    for (const key of ["emails", "ipRanges"] as const) {
        if (more[key] !== undefined) to[key] = [...(to[key] ?? []), ...more[key]];
    }
}

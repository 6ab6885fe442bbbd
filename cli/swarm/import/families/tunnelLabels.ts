import {
    commaList,
    type FamilyReading,
    type Findings,
    type SourceLabel,
    type SourceService,
    type Who,
} from "../source.ts";
import { peopleOfRules } from "./accessRules.ts";
import { originOf } from "./origin.ts";
import { accessOf } from "./syncAccess.ts";

/** DockFlare's labels (ChrispyBacon-dev/DockFlare, Container-Labels.md), and those of its first versions, which docker-cloudflare-tunnel-sync has as well. */
const PREFIXES = ["dockflare.", "cloudflare.tunnel."] as const;

/** Read here, or by the rules for hostnames; everything else a route can say. */
const READ = new Set([
    "enable",
    "hostname",
    "service",
    "path",
    "access.group",
    "access.groups",
    "access.policy",
    "access.session_duration",
    "access.custom_rules",
    "access.allowed_idps",
]);

/** What is lost, and why nobody gets in by that who did not before. */
const LOST: Readonly<Record<string, string>> = {
    zonename: "the zone is the stack's",
    "dns.zone": "the zone is the stack's",
    no_tls_verify: "certificates of origins are always checked; give the service one of the environment's authority",
    "origin.no-tls-verify":
        "certificates of origins are always checked; give the service one of the environment's authority",
    originsrvname: "the certificate of a TLS origin carries the service's name",
    "origin.server-name": "the certificate of a TLS origin carries the service's name",
    httphostheader: "the service sees the public host name",
    http2_origin: "there is no label for it",
    match_sni_to_host: "the certificate of a TLS origin carries the service's name",
    disable_chunked_encoding: "there is no label for it",
    "access.name": "the application is called after the service",
    "access.app_launcher_visible": "there is no label for it",
    "access.auto_redirect_to_identity": "it is a setting of the whole organization (sallyport:organization)",
};

/** What one route says, by key. */
type Route = Map<string, SourceLabel>;

/** Reads labels that tell a tunnel what to publish; undefined where a service has none. */
export function readTunnelLabels(service: SourceService, findings: Findings): FamilyReading | undefined {
    const prefix = PREFIXES.find((one) => service.labels.some(({ name }) => name.startsWith(one)));
    if (prefix === undefined) return undefined;
    const own = service.labels.filter(({ name }) => name.startsWith(prefix) || isAccessOfSync(prefix, name));
    const { base, others } = routesIn(own, prefix);
    const enable = base.get("enable");
    if (enable === undefined || !isTrue(service.resolve(enable.value))) {
        findings.note(`is not published today: ${prefix}enable is not true`, enable);
        return { routes: [], replaced: [] };
    }
    reportKeys(base, others, findings);
    const access = prefix === "cloudflare.tunnel." ? accessOf(service, findings) : undefined;
    const routes = all(base, others).flatMap((labels) => {
        const [hostname, origin] = [labels.get("hostname"), labels.get("service")];
        if (hostname === undefined || origin === undefined) {
            findings.decide(
                `a route has no ${prefix}${hostname === undefined ? "hostname" : "service"}`,
                hostname ?? origin,
            );
            return [];
        }
        const found = originOf(origin, service, findings);
        if (found === undefined) return [];
        const host = service.resolve(hostname.value);
        const who = access?.(host) ?? whoOf(labels, service, findings);
        const session = labels.get("access.session_duration")?.value;
        return [{ hostname: hostname.value, path: labels.get("path")?.value, ...found, session, who }];
    });
    return { routes, replaced: own.map(({ name }) => name) };
}

function isAccessOfSync(prefix: string, name: string): boolean {
    return prefix === "cloudflare.tunnel." && name.startsWith("cloudflare.access.");
}

/** `hostname`, `0.hostname` and, of tunnel-sync, `hostname.admin`. */
function routesIn(labels: readonly SourceLabel[], prefix: string): { base: Route; others: Map<string, Route> } {
    const base: Route = new Map();
    const others = new Map<string, Route>();
    for (const label of labels) {
        if (!label.name.startsWith(prefix)) continue;
        const rest = label.name.slice(prefix.length);
        const indexed = /^(\d+)\.(.+)$/.exec(rest);
        const suffixed = /^(hostname|service|path|dns\.zone|origin\.(?:server-name|no-tls-verify))\.(.+)$/.exec(rest);
        const [name, key] = indexed
            ? [indexed[1] ?? "", indexed[2] ?? ""]
            : suffixed
              ? [suffixed[2] ?? "", suffixed[1] ?? ""]
              : ["", rest];
        const route = name === "" ? base : (others.get(name) ?? new Map());
        route.set(key.toLowerCase(), label);
        if (name !== "") others.set(name, route);
    }
    return { base, others };
}

/** What a route leaves out, the labels without an index say; without a host name of its own those are no route. */
function all(base: Route, others: ReadonlyMap<string, Route>): Route[] {
    const { routes, shared } = { routes: [...others.values()], shared: [...base] };
    const further = routes.map((route) => new Map([...shared.filter(([key]) => key !== "hostname"), ...route]));
    return base.has("hostname") || routes.length === 0 ? [base, ...further] : further;
}

function reportKeys(base: Route, others: ReadonlyMap<string, Route>, findings: Findings): void {
    for (const [key, label] of [base, ...others.values()].flatMap((route) => [...route])) {
        if (READ.has(key)) continue;
        const reason = LOST[key];
        if (reason !== undefined) findings.lose(`has no equivalent: ${reason}`, label);
        else findings.decide("is unknown, and may be meant to keep somebody out", label);
    }
}

/** DockFlare's own Access labels: groups come first, and then nothing else counts. */
function whoOf(labels: Route, service: SourceService, findings: Findings): Who {
    const [group, policy, rules] = [
        labels.get("access.group") ?? labels.get("access.groups"),
        labels.get("access.policy"),
        labels.get("access.custom_rules"),
    ];
    const providers = labels.get("access.allowed_idps");
    if (providers !== undefined && group === undefined) {
        findings.decide("narrows the ways to log in; say it in the audience (require.providers)", providers);
    }
    if (group !== undefined) {
        const names = commaList(service.resolve(group.value) ?? group.value);
        return names.includes("bypass") ? { kind: "everybody", label: group } : { kind: "named", names, label: group };
    }
    if (rules !== undefined) {
        const title = labels.get("access.name")?.value ?? service.name;
        const who = peopleOfRules({ ...rules, value: service.resolve(rules.value) ?? rules.value }, title);
        if (typeof who !== "string") return who;
        findings.decide(who, rules);
        return { kind: "unsaid" };
    }
    if (policy === undefined || policy.value === "default_tld") {
        if (policy !== undefined) findings.note("takes the zone's default policy, which no label tells", policy);
        return { kind: "unsaid" };
    }
    // "authenticate" asks for a login and takes anybody's.
    return { kind: "everybody", label: policy };
}

/** As Go reads truth (strconv.ParseBool), and DockFlare "yes" as well. */
function isTrue(value: string | undefined): boolean {
    return /^(1|t|true|yes|on)$/i.test(value ?? "");
}

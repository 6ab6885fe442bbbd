import { commaList, type Findings, type SourceLabel, type SourceRoute, type SourceService } from "../source.ts";

/** `traefik.frontend.rule`, or with the name of a segment: `traefik.web.frontend.rule` (Traefik 1.7, Docker provider). */
const LABEL = /^traefik\.(?:([^.]+)\.)?(frontend\.rule|port|protocol)$/i;
const IGNORED =
    /^traefik\.(enable|docker\.network|tags|(?:[^.]+\.)?(backend|domain|weight|frontend\.(passHostHeader|entryPoints|priority)))$/i;

/** Whether these are labels of Traefik 1. */
export function isTraefik1(labels: readonly SourceLabel[]): boolean {
    return labels.some(({ name }) => /^traefik\.(?:[^.]+\.)?frontend\.rule$/i.test(name));
}

export function readTraefik1(
    labels: readonly SourceLabel[],
    service: SourceService,
    findings: Findings,
): SourceRoute[] {
    const segments = new Map<string, Map<string, SourceLabel>>();
    for (const label of labels) {
        const [, segment = "", key] = LABEL.exec(label.name) ?? [];
        if (key === undefined) {
            if (!IGNORED.test(label.name)) findings.decide("may keep somebody out, and has no equivalent", label);
            continue;
        }
        const keys = segments.get(segment) ?? new Map();
        segments.set(segment, keys.set(key.toLowerCase(), label));
    }
    const shared = segments.get("");
    return [...segments.values()].flatMap((keys) => {
        const rule = keys.get("frontend.rule");
        if (rule === undefined) return [];
        const [exposed, ...further] = service.ports;
        const port = (keys.get("port") ?? shared?.get("port"))?.value ?? (further.length === 0 ? exposed : undefined);
        if (port === undefined) {
            findings.decide("names no port, and the service does not say one alone", rule);
            return [];
        }
        const matches = matchesOf(rule, findings);
        const scheme = (keys.get("protocol") ?? shared?.get("protocol"))?.value ?? "http";
        return matches.map((match) => ({ ...match, scheme, port: String(port), who: { kind: "unsaid" as const } }));
    });
}

/** `Host:a.example.com,b.example.com;PathPrefix:/api`: every matcher must hold, any value of it will do. */
function matchesOf(rule: SourceLabel, findings: Findings): { hostname: string; path?: string }[] {
    const matchers = rule.value.split(";").map((part) => /^\s*(\w+)\s*:\s*(.*)$/.exec(part) ?? []);
    let hostnames: string[] = [];
    let paths: string[] = [];
    for (const [whole, name, values = ""] of matchers) {
        if (name === "Host") hostnames = commaList(values);
        else if (name === "PathPrefix") paths = commaList(values);
        else {
            findings.decide(`the rule has "${whole ?? rule.value}", which labels here cannot say`, rule);
            return [];
        }
    }
    const whole = paths.length === 0 ? [{}] : paths.map((path) => (path === "/" ? {} : { path }));
    return hostnames.flatMap((hostname) => whole.map((path) => ({ hostname, ...path })));
}

import type { FamilyReading, Findings, SourceLabel, SourceRoute, SourceService } from "../source.ts";
import type { Companion } from "./companion.ts";
import { isTraefik1, readTraefik1 } from "./traefik1.ts";
import { type Middlewares, reportMiddlewares } from "./traefikMiddlewares.ts";
import { matchesOf, type RuleMatch } from "./traefikRule.ts";

/** What reading labels of Traefik takes beside the service. */
export interface TraefikSurroundings {
    middlewares: Middlewares;
    /** traefik-cloudflare-companion among the services; undefined without it. */
    companion: Companion | undefined;
}

/** A router or a service by its keys. */
type Part = Map<string, SourceLabel>;

const PART = /^traefik\.(http|tcp|udp)\.(routers|services)\.([^.]+)\.(.+)$/i;

/** Whether a router answers at an entry point for plain HTTP beside its twin for HTTPS matters to nobody behind a tunnel. */
const WITHOUT_MEANING = /^(rule|service|middlewares|entrypoints|tls(\..*)?|priority|observability\..*)$/;

/** Reads labels of Traefik 2 and 3, and of 1; undefined where a service has none. */
export function readTraefikLabels(
    service: SourceService,
    findings: Findings,
    { middlewares, companion }: TraefikSurroundings,
): FamilyReading | undefined {
    const own = service.labels.filter(({ name }) => /^traefik\./i.test(name));
    if (own.length === 0) return undefined;
    const find = (key: string) => own.find(({ name }) => name.toLowerCase() === `traefik.${key}`);
    const enable = find("enable");
    if (enable !== undefined && service.resolve(enable.value)?.toLowerCase() !== "true") {
        findings.note("is not published today: traefik.enable is not true", enable);
        return { routes: [], replaced: [] };
    }
    const routes = isTraefik1(own)
        ? readTraefik1(own, service, findings)
        : [...readHttp(own, service, middlewares, findings), ...readTcp(own, service, findings)];
    const published = routes.filter((route) => companion?.publishes(route.hostname, service, findings) ?? true);
    const network = (find("swarm.network") ?? find("docker.network"))?.value;
    return { routes: unique(published), replaced: own.map(({ name }) => name), network };
}

function readHttp(
    labels: readonly SourceLabel[],
    service: SourceService,
    middlewares: Middlewares,
    findings: Findings,
): SourceRoute[] {
    const services = partsIn(labels, "http", "services");
    return [...partsIn(labels, "http", "routers")].flatMap(([name, router]) => {
        const rule = router.get("rule");
        if (rule === undefined) {
            findings.decide(
                `the router "${name}" has no rule, so Traefik's own default decides its host name`,
                labels[0],
            );
            return [];
        }
        const matches = matchesOf(rule.value);
        if (typeof matches === "string") {
            findings.decide(`the rule ${matches}`, rule);
            return [];
        }
        for (const [key, label] of router) {
            if (key === "middlewares") reportMiddlewares(label, middlewares, findings);
            else if (!WITHOUT_MEANING.test(key)) findings.lose("has no equivalent", label);
        }
        if (router.get("tls.options") !== undefined) {
            findings.decide("may ask for client certificates; say it in the audience", router.get("tls.options"));
        }
        const origin = originOf(router, name, services, service, findings);
        return origin === undefined ? [] : matches.map((match) => routeOf(match, origin));
    });
}

/** A TCP router tells connections apart by their TLS name; behind Access a name of its own leads to each service. */
function readTcp(labels: readonly SourceLabel[], service: SourceService, findings: Findings): SourceRoute[] {
    const services = partsIn(labels, "tcp", "services");
    for (const [, router] of partsIn(labels, "udp", "routers")) {
        findings.decide("is for UDP, which no public host name carries", [...router.values()][0]);
    }
    return [...partsIn(labels, "tcp", "routers")].flatMap(([name, router]) => {
        const rule = router.get("rule");
        const [, hostname] = /^\s*HostSNI\(\s*[`"']([^`"'*]+)[`"']\s*\)\s*$/.exec(rule?.value ?? "") ?? [];
        if (hostname === undefined) {
            findings.decide(`the TCP router "${name}" has no one name of its own (HostSNI)`, rule);
            return [];
        }
        const middlewares = router.get("middlewares");
        if (middlewares !== undefined) findings.decide("middlewares of TCP keep somebody out", middlewares);
        const origin = originOf(router, name, services, service, findings);
        return origin === undefined ? [] : [routeOf({ hostname }, { ...origin, scheme: "tcp" })];
    });
}

function routeOf({ hostname, path }: RuleMatch, origin: { scheme: string; port: string }): SourceRoute {
    return { hostname, ...(path === undefined || path === "/" ? {} : { path }), ...origin, who: { kind: "unsaid" } };
}

/** The service that a router names, or the only one; its port, or the only one that the container says it listens on. */
function originOf(
    router: Part,
    name: string,
    services: ReadonlyMap<string, Part>,
    service: SourceService,
    findings: Findings,
): { scheme: string; port: string } | undefined {
    const named = router.get("service");
    const wanted = named?.value.replace(/@(docker|swarm)$/, "");
    const [only, ...others] = services.values();
    const target = wanted === undefined ? (others.length === 0 ? only : services.get(name)) : services.get(wanted);
    if (wanted !== undefined && target === undefined) {
        findings.decide(
            `the router "${name}" leads to "${wanted}", which the labels of this service do not define`,
            named,
        );
        return undefined;
    }
    const url = target?.get("loadbalancer.server.url");
    if (url !== undefined) {
        findings.decide("leads to an address, and labels lead to their own service alone", url);
        return undefined;
    }
    const [exposed, ...further] = service.ports;
    const port =
        target?.get("loadbalancer.server.port")?.value ??
        (exposed === undefined || further.length > 0 ? undefined : String(exposed));
    if (port === undefined) {
        findings.decide(
            `the router "${name}" names no port, and the service does not say one alone`,
            router.get("rule"),
        );
        return undefined;
    }
    const scheme = target?.get("loadbalancer.server.scheme")?.value ?? "http";
    return { scheme: scheme === "h2c" ? "http" : scheme, port };
}

function partsIn(labels: readonly SourceLabel[], protocol: string, what: string): Map<string, Part> {
    const parts = new Map<string, Part>();
    for (const label of labels) {
        const [, found, kind, name, key] = PART.exec(label.name) ?? [];
        if (name === undefined || key === undefined) continue;
        if (found?.toLowerCase() !== protocol || kind?.toLowerCase() !== what) continue;
        const part = parts.get(name) ?? new Map();
        part.set(key.toLowerCase(), label);
        parts.set(name, part);
    }
    return parts;
}

/** A router for plain HTTP and one for HTTPS say the same of a name. */
function unique(routes: readonly SourceRoute[]): SourceRoute[] {
    return [...new Map(routes.map((route) => [JSON.stringify(route), route])).values()];
}

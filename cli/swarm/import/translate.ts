import type { Audiences } from "./audiences.ts";
import { Companion } from "./families/companion.ts";
import { readTraefikLabels } from "./families/traefikLabels.ts";
import { middlewaresIn } from "./families/traefikMiddlewares.ts";
import { readTunnelLabels } from "./families/tunnelLabels.ts";
import { DEFAULT_SESSION, longerThan, longestOf } from "./sessions.ts";
import { Findings, type SourceRoute, type SourceService } from "./source.ts";

/** Routes that one service can have: indexes have one digit. */
const MAX_ROUTES = 10;

/** A service as it was read, with all that was found about it. */
export interface ReadService {
    service: SourceService;
    findings: Findings;
    routes: SourceRoute[];
    /** Labels that ours take the place of. */
    replaced: string[];
    network: string | undefined;
}

/** A service with labels of ours; none of them where it stays shut. */
export interface TranslatedService extends ReadService {
    labels: Record<string, string>;
    /** Host names and audiences with their variables filled in. */
    hostnames: string[];
    audiences: string[];
    schemes: string[];
    ports: number[];
}

/** Parts of the tools themselves, which ours take the place of once everything is moved. */
const TOOLS =
    /dockflare|traefik-cloudflare-companion|docker-cloudflare-tunnel-sync|cloudflare\/cloudflared|(^|\/)traefik(:|@|$)/;

/** Reads what services publish today, by the labels of whatever tool publishes them. */
export function readServices(services: readonly SourceService[]): ReadService[] {
    const surroundings = { middlewares: middlewaresIn(services), companion: Companion.among(services) };
    return services.flatMap((service) => {
        const findings = new Findings(service);
        if (TOOLS.test(service.image)) {
            findings.note(`runs ${service.image}, which nothing needs any more once every service has moved`);
        }
        const reading = readTunnelLabels(service, findings) ?? readTraefikLabels(service, findings, surroundings);
        if (reading === undefined && findings.all.length === 0) return [];
        const { routes = [], replaced = [], network } = reading ?? {};
        return [{ service, findings, routes, replaced, network }];
    });
}

/** The domains that host names are one label below, the most frequent first; a companion's own domains come before all. */
export function likelyZones(read: readonly ReadService[]): string[] {
    const counts = new Map<string, number>();
    for (const { service, routes } of read) {
        for (const { hostname } of routes) {
            const [, parent] = /^[^.]+\.([^.]+\..+)$/.exec(service.resolve(hostname) ?? "") ?? [];
            if (parent !== undefined) counts.set(parent, (counts.get(parent) ?? 0) + 1);
        }
    }
    const domains = Companion.among(read.map(({ service }) => service))?.domains ?? [];
    const frequent = [...counts].toSorted(([, a], [, b]) => b - a).map(([domain]) => domain);
    return [...new Set([...domains.filter((domain) => counts.has(domain)), ...frequent])];
}

/** Says in labels of ours what services publish, and for whom; whatever is not decided stays shut. */
export function translate(read: readonly ReadService[], audiences: Audiences): TranslatedService[] {
    const asked = read.flatMap(({ service, routes }) => routes.map(({ session }) => sessionOf(service, session)));
    const longest = longestOf(asked);
    return read.map((one) => {
        const { service, findings, routes } = one;
        if (routes.length > MAX_ROUTES) {
            findings.decide(`has ${routes.length} public names and paths, and labels say at most ${MAX_ROUTES}`);
        }
        const said = routes.map((route) => ({ route, audience: audiences.of(route, findings) ?? [] }));
        for (const { route } of said) reportUnresolved(service, route, findings);
        const network = networkOf(one);
        const labels: Record<string, string> = { "sallyport.enable": "true" };
        if (network !== undefined) labels["sallyport.network"] = network;
        for (const [index, { route, audience }] of said.entries()) {
            const prefix = said.length === 1 ? "sallyport." : `sallyport.${index}.`;
            Object.assign(labels, labelsOf(prefix, route, audience, longest));
        }
        const values = (of: (route: SourceRoute) => string) => routes.map((route) => service.resolve(of(route)) ?? "");
        return {
            ...one,
            labels: routes.length === 0 || findings.undecided ? {} : labels,
            hostnames: values(({ hostname }) => hostname),
            audiences: [...new Set(said.flatMap(({ audience }) => audience))],
            schemes: values(({ scheme }) => scheme),
            ports: values(({ port }) => port).map(Number),
        };
    });
}

function labelsOf(
    prefix: string,
    { hostname, path, scheme, port, session }: SourceRoute,
    audience: readonly string[],
    longest: string,
): Record<string, string> {
    // A route that says nothing would have the longest session that any route may ask for.
    const own = session ?? (longerThan(longest, DEFAULT_SESSION) ? DEFAULT_SESSION : undefined);
    return {
        [`${prefix}hostname`]: hostname,
        ...(path === undefined ? {} : { [`${prefix}path`]: path }),
        ...(scheme === "http" ? {} : { [`${prefix}scheme`]: scheme }),
        [`${prefix}port`]: port,
        [`${prefix}audience`]: audience.join(","),
        ...(own === undefined ? {} : { [`${prefix}session`]: own }),
    };
}

/** The session that a route has: what it asks for, or a day. */
export function sessionOf(service: SourceService, session: string | undefined): string {
    return session === undefined ? DEFAULT_SESSION : (service.resolve(session) ?? DEFAULT_SESSION);
}

function reportUnresolved(service: SourceService, route: SourceRoute, findings: Findings): void {
    for (const text of [route.hostname, route.path, route.scheme, route.port, route.session]) {
        if (text !== undefined && service.resolve(text) === undefined) {
            findings.decide(`"${text}" has a variable without a value; set it in the environment or in .env`);
        }
    }
}

/** A connector joins one network: the one on which the tool reaches the service, or else the first. */
function networkOf({ service, network, findings }: ReadService): string | undefined {
    const [first, ...others] = service.networks;
    const meant = network === undefined ? undefined : (service.resolve(network) ?? network);
    const found = service.networks.find((name) => name === meant || name.endsWith(`_${meant}`));
    if (others.length === 0) return undefined;
    if (found === undefined && first !== undefined) {
        findings.note(`is on ${service.networks.length} networks; its connector joins the first, ${first}`);
    }
    return found ?? first;
}

import { commaList, type Findings, type SourceLabel, type SourceService } from "../source.ts";

/** Middlewares by name, as labels of any service define them (doc.traefik.io, HTTP middlewares). */
export type Middlewares = ReadonlyMap<string, { kind: string; chain: readonly string[] }>;

/** Kinds that keep somebody out: without them more would get in than today. */
const GUARDS = new Set(["basicauth", "digestauth", "forwardauth", "ipwhitelist", "ipallowlist", "passtlsclientcert"]);

/** Kinds without which nobody gets in who did not before, and what becomes of what they did. */
const LOST: Readonly<Record<string, string>> = {
    redirectscheme: "the edge answers over HTTPS",
    redirectregex: "nothing redirects",
    compress: "the edge compresses",
    headers: "headers stay as the service sets them",
    ratelimit: "nothing limits requests",
    inflightreq: "nothing limits requests",
    retry: "requests are not repeated",
    circuitbreaker: "nothing holds requests back from a failing service",
    buffering: "nothing buffers",
    stripprefix: "the service sees the whole path",
    stripprefixregex: "the service sees the whole path",
    addprefix: "the service sees the path as it was asked for",
    replacepath: "the service sees the path as it was asked for",
    replacepathregex: "the service sees the path as it was asked for",
    errors: "error pages are the service's own",
    contenttype: "content types are the service's own",
    grpcweb: "gRPC-Web is not translated",
};

const DEFINITION = /^traefik\.http\.middlewares\.([^.]+)\.([^.]+)(?:\.(.*))?$/i;

/** What labels of all services define: a router may name the middleware of another service. */
export function middlewaresIn(services: readonly SourceService[]): Middlewares {
    const found = new Map<string, { kind: string; chain: readonly string[] }>();
    for (const { labels } of services) {
        for (const { name, value } of labels) {
            const [, middleware, kind, key] = DEFINITION.exec(name) ?? [];
            if (middleware === undefined || kind === undefined) continue;
            const chain = key?.toLowerCase() === "middlewares" ? commaList(value) : [];
            found.set(middleware, { kind: kind.toLowerCase(), chain: chain.map(plainName) });
        }
    }
    return found;
}

/** Tells of each middleware of a router what becomes of it. */
export function reportMiddlewares(label: SourceLabel, middlewares: Middlewares, findings: Findings): void {
    const seen = new Set<string>();
    const report = (name: string) => {
        if (seen.has(name)) return;
        seen.add(name);
        const { kind, chain } = middlewares.get(name) ?? { kind: undefined, chain: [] };
        if (kind === "chain") {
            chain.forEach(report);
        } else if (kind !== undefined && LOST[kind] !== undefined) {
            findings.lose(`the middleware "${name}" (${kind}) has no equivalent: ${LOST[kind]}`, label);
        } else if (kind !== undefined && GUARDS.has(kind)) {
            findings.decide(
                `the middleware "${name}" (${kind}) keeps somebody out; say who may enter in an audience`,
                label,
            );
        } else {
            const what = kind === undefined ? "is defined elsewhere" : `is a ${kind}`;
            findings.decide(`the middleware "${name}" ${what}, and may keep somebody out`, label);
        }
    };
    commaList(label.value).map(plainName).forEach(report);
}

/** Without the provider, where it is one that reads labels: what files define is defined elsewhere. */
function plainName(name: string): string {
    return name.replace(/@(docker|swarm)$/, "");
}

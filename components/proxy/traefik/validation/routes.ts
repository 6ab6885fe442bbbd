import { repeatedIngress } from "../../../internal/ingress.ts";
import { type Problems, plain } from "../../../internal/problems.ts";
import {
    certificateProblem,
    dnsNameProblem,
    hostnameProblem,
    isWildcard,
    parseService,
    pathProblem,
    serviceProblem,
    usesTls,
} from "../../../validation/index.ts";
import { DASHBOARD_ROUTER, METRICS_ROUTER } from "../dynamicConfiguration.ts";
import type { ProxyRoute, ProxySettings } from "../settings.ts";
import { DEFAULT_TLS_OPTIONS } from "../tlsOptions.ts";
import { nameProblem } from "./names.ts";

const HTTP_SCHEMES = ["http", "https", "ws", "wss"];

/** Checks the routes of a proxy and the dashboard's place among them. */
export function checkRoutes(problems: Problems, settings: ProxySettings): void {
    const { routes, dashboard, metrics } = settings;
    // Each name with what has it.
    const names = new Map<string, string>([
        ...named(DASHBOARD_ROUTER, "the dashboard", dashboard),
        ...named(METRICS_ROUTER, "the figures", metrics?.allowFrom),
    ]);
    for (const [index, route] of routes.entries()) {
        checkRoute(problems, `routes[${index}]`, route);
        checkReferences(problems, `routes[${index}].middlewares`, route.middlewares, settings);
        const holder = names.get(route.name);
        if (holder !== undefined) {
            problems.add(
                `routes[${index}].name`,
                `${JSON.stringify(route.name)} is the name of ${holder} already. Write another.`,
            );
        } else {
            names.set(route.name, `routes[${index}]`);
        }
        if (route.hostname === dashboard?.hostname) {
            problems.add(
                `routes[${index}].hostname`,
                `${JSON.stringify(route.hostname)} is the dashboard's. Give one of them another.`,
            );
        }
    }
    for (const { index, first } of repeatedIngress(routes)) {
        const { hostname = "", path = "" } = routes[index] ?? {};
        problems.add(
            `routes[${index}].hostname`,
            `${JSON.stringify(hostname + path)} is served by routes[${first}] already. Give one of them another host name or path.`,
        );
    }
    checkTlsOptionsOfRoutes(problems, settings);
    problems.check("dashboard.hostname", dashboard?.hostname, (hostname) =>
        hostnameProblem(hostname, { wildcard: false }),
    );
    checkReferences(problems, "dashboard.middlewares", dashboard?.middlewares, settings);
}

function named(name: string, holder: string, present: unknown): [string, string][] {
    return present === undefined ? [] : [[name, holder]];
}

function checkRoute(problems: Problems, path: string, route: ProxyRoute): void {
    problems.add(`${path}.name`, nameProblem(route.name, "a route's name"));
    problems.add(`${path}.hostname`, hostnameProblem(route.hostname));
    problems.check(`${path}.path`, route.path, pathProblem);
    problems.check(`${path}.service`, route.service, backendProblem);
    problems.check(`${path}.serverName`, route.serverName, dnsNameProblem);
    problems.check(`${path}.caPem`, route.caPem, certificateProblem);
    const service = plain(route.service);
    if (service !== undefined && serviceProblem(service) === undefined && !usesTls(service)) {
        const reason = `has no meaning for ${JSON.stringify(service)}, which is not TLS. Leave it out.`;
        if (route.serverName !== undefined) problems.add(`${path}.serverName`, reason);
        if (route.caPem !== undefined) problems.add(`${path}.caPem`, reason);
    }
}

function checkReferences(
    problems: Problems,
    path: string,
    names: string[] | undefined,
    { middlewares = [] }: ProxySettings,
): void {
    const known = middlewares.map(({ name }) => name);
    problems.checkEach(path, names, (name: string) =>
        known.includes(name) ? undefined : unknownReference(name, "middlewares", known),
    );
}

/** Traefik picks TLS settings by the name that the client asks for, before it knows the path or reads a regular expression. */
function checkTlsOptionsOfRoutes(problems: Problems, { routes, tlsOptions = [] }: ProxySettings): void {
    const known = [DEFAULT_TLS_OPTIONS, ...tlsOptions.map(({ name }) => name)];
    const firstOf = new Map<string, number>();
    for (const [index, { hostname, tlsOptions: name = DEFAULT_TLS_OPTIONS }] of routes.entries()) {
        const path = `routes[${index}].tlsOptions`;
        if (!known.includes(name)) problems.add(path, unknownReference(name, "tlsOptions", known));
        else if (isWildcard(hostname) && name !== DEFAULT_TLS_OPTIONS) {
            const wanted = `Write the host names one by one, or change the set "${DEFAULT_TLS_OPTIONS}".`;
            problems.add(path, `has no effect for ${JSON.stringify(hostname)}: Traefik needs an exact name. ${wanted}`);
        }
        const first = firstOf.get(hostname) ?? index;
        firstOf.set(hostname, first);
        const other = routes[first]?.tlsOptions ?? DEFAULT_TLS_OPTIONS;
        if (other !== name) {
            const reason = `${JSON.stringify(name)} differs from ${JSON.stringify(other)} of routes[${first}]`;
            problems.add(path, `${reason}, which has the same host name. Write the same for both.`);
        }
    }
}

function unknownReference(name: string, list: string, known: readonly string[]): string {
    const write = known.length === 0 ? `Add it to "${list}".` : `Write one of ${known.join(", ")}, or add it there.`;
    return `${JSON.stringify(name)} is not in "${list}". ${write}`;
}

function backendProblem(service: string): string | undefined {
    const scheme = parseService(service)?.scheme;
    if (scheme === undefined) return serviceProblem(service);
    if (HTTP_SCHEMES.includes(scheme)) return undefined;
    return `${JSON.stringify(service)} is not HTTP. Write one of ${HTTP_SCHEMES.join(", ")}, or route it in the tunnel directly.`;
}

import { repeatedIngress } from "../../internal/ingress.ts";
import { type Problems, plain } from "../../internal/problems.ts";
import { checkShape } from "../../internal/shape.ts";
import {
    certificateProblem,
    constraintProblem,
    dnsNameProblem,
    dockerNameProblem,
    durationProblem,
    hostnameProblem,
    imageProblem,
    ipRangeProblem,
    memberProblem,
    networkIdsProblem,
    parseService,
    pathProblem,
    privateKeyProblem,
    replicasProblem,
    serviceProblem,
    usesTls,
} from "../../validation/index.ts";
import type { ProxyRoute, TraefikProxyArgs } from "../traefikProxy.ts";
import { DASHBOARD_ROUTER } from "./dynamicConfiguration.ts";
import { ProxyLogLevel } from "./logLevel.ts";

const ROUTE_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
const HTTP_SCHEMES = ["http", "https", "ws", "wss"];

/** Checks the arguments of a {@link TraefikProxy}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkProxyArgs(name: string, args: TraefikProxyArgs): void {
    const problems = checkShape("TraefikProxy", name, args);
    problems.add("name", dockerNameProblem(name));
    problems.check("networkIds", args.networkIds, networkIdsProblem);
    problems.checkEach("networkIds", args.networkIds);
    for (const [label, value] of Object.entries(args.labels ?? {})) problems.check(`labels.${label}`, value);
    problems.check("image", args.image, imageProblem);
    problems.check("replicas", args.replicas, replicasProblem);
    problems.check("alias", args.alias, aliasProblem);
    problems.checkEach("constraints", args.constraints, constraintProblem);
    problems.checkEach("trustedProxies", args.trustedProxies, ipRangeProblem);
    problems.check("logLevel", args.logLevel, (level) => memberProblem(level, Object.values(ProxyLogLevel)));
    problems.check("convergeTimeout", args.convergeTimeout, durationProblem);
    problems.check("swarm.network", args.swarm?.network);
    problems.check("swarm.constraints", args.swarm?.constraints);
    problems.check("swarm.endpoint", args.swarm?.endpoint, socketProxyProblem);
    checkCertificates(problems, args);
    checkRoutes(problems, args);
    problems.throwIfAny("TraefikProxy", name);
}

function checkCertificates(problems: Problems, { certificates }: TraefikProxyArgs): void {
    if (certificates.length === 0)
        problems.add("certificates", "is empty. Give at least one certificate with its key.");
    for (const [index, { certPem, keyPem }] of certificates.entries()) {
        problems.check(`certificates[${index}].certPem`, certPem, certificateProblem);
        problems.check(`certificates[${index}].keyPem`, keyPem, privateKeyProblem);
    }
}

function checkRoutes(problems: Problems, { routes, dashboard }: TraefikProxyArgs): void {
    const names = new Map<string, number>(dashboard === undefined ? [] : [[DASHBOARD_ROUTER, -1]]);
    for (const [index, route] of routes.entries()) {
        checkRoute(problems, `routes[${index}]`, route);
        const first = names.get(route.name);
        if (first !== undefined) {
            const holder = first === -1 ? "the dashboard" : `routes[${first}]`;
            problems.add(
                `routes[${index}].name`,
                `${JSON.stringify(route.name)} is the name of ${holder} already. Write another.`,
            );
        } else {
            names.set(route.name, index);
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
    problems.check("dashboard.hostname", dashboard?.hostname, (hostname) =>
        hostnameProblem(hostname, { wildcard: false }),
    );
}

function checkRoute(problems: Problems, path: string, route: ProxyRoute): void {
    problems.add(`${path}.name`, nameProblem(route.name));
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

function nameProblem(name: string): string | undefined {
    if (ROUTE_NAME.test(name)) return undefined;
    return `${JSON.stringify(name)} is not a route's name. Write 1 to 40 lower-case letters, digits and inner hyphens.`;
}

function backendProblem(service: string): string | undefined {
    const scheme = parseService(service)?.scheme;
    if (scheme === undefined) return serviceProblem(service);
    if (HTTP_SCHEMES.includes(scheme)) return undefined;
    return `${JSON.stringify(service)} is not HTTP. Write one of ${HTTP_SCHEMES.join(", ")}, or route it in the tunnel directly.`;
}

function aliasProblem(alias: string): string | undefined {
    return alias.startsWith("*") ? `${JSON.stringify(alias)} is a wildcard. Write one name.` : dnsNameProblem(alias);
}

function socketProxyProblem(endpoint: string): string | undefined {
    const quoted = JSON.stringify(endpoint);
    if (endpoint.startsWith("unix:")) {
        return `${quoted} is Docker's own socket, which takes every command. Run a socket proxy and write "tcp://socket-proxy:2375".`;
    }
    const service = parseService(endpoint);
    return service?.scheme === "tcp"
        ? undefined
        : `${quoted} is not a socket proxy. Write its address, such as "tcp://socket-proxy:2375".`;
}

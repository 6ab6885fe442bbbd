import { repeatedIngress } from "../internal/ingress.ts";
import { type Problems, plain } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import {
    accountIdProblem,
    hostnameProblem,
    isWildcard,
    memberProblem,
    pathProblem,
    serviceProblem,
    teamProblem,
    tunnelIdProblem,
    usesTls,
    zoneIdProblem,
} from "../validation/index.ts";
import { TunnelManagement } from "./management.ts";
import type { IngressRoute, OriginRequest, TunnelIngressArgs } from "./tunnelIngress.ts";

const SECONDS = ["connectTimeout", "tlsTimeout", "tcpKeepAlive", "keepAliveTimeout"] as const;
const TLS_ONLY = ["originServerName", "matchSniToHost", "publicCa"] as const;

/** Checks the arguments of a {@link TunnelIngress}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkIngressArgs(name: string, args: TunnelIngressArgs): void {
    const problems = checkShape("TunnelIngress", name, args);
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("zoneId", args.zoneId, zoneIdProblem);
    problems.check("tunnelId", args.tunnelId, tunnelIdProblem);
    problems.check("team", args.team, teamProblem);
    problems.check("management", args.management, (one) => memberProblem(one, Object.values(TunnelManagement)));
    problems.check("publisher", args.publisher, publisherProblem);
    for (const [index, route] of args.routes.entries()) checkRoute(problems, `routes[${index}]`, route);
    for (const { index, first } of repeatedIngress(args.routes)) {
        const { hostname, path = "" } = args.routes[index] ?? { hostname: "" };
        problems.add(
            `routes[${index}].hostname`,
            `${JSON.stringify(hostname + path)} is served by routes[${first}] already. Give one of them another host name or path.`,
        );
    }
    problems.throwIfAny("TunnelIngress", name);
}

/** A record's comment has 100 characters, and the audience tag its share of them. */
const MAX_PUBLISHER = 81;

function publisherProblem(publisher: string): string | undefined {
    if (publisher.trim() === "") return 'is empty. Write a name such as "Sallyport staging", or leave it out.';
    return publisher.length > MAX_PUBLISHER
        ? `has ${publisher.length} characters. Write at most ${MAX_PUBLISHER}.`
        : undefined;
}

function checkRoute(problems: Problems, path: string, route: IngressRoute): void {
    problems.check(`${path}.hostname`, route.hostname, hostnameProblem);
    problems.check(`${path}.path`, route.path, pathProblem);
    problems.check(`${path}.service`, route.service, serviceProblem);
    problems.check(`${path}.audience`, route.audience, (audience) =>
        audience.trim() === "" ? 'is empty. Give the "audience" of a ZeroTrustApp.' : undefined,
    );
    if (route.originRequest !== undefined) checkOriginRequest(problems, path, route, route.originRequest);
}

function checkOriginRequest(problems: Problems, path: string, route: IngressRoute, request: OriginRequest): void {
    const at = (key: string) => `${path}.originRequest.${key}`;
    for (const key of SECONDS) problems.check(at(key), request[key], secondsProblem);
    problems.check(at("keepAliveConnections"), request.keepAliveConnections, countProblem);
    problems.check(at("httpHostHeader"), request.httpHostHeader, headerProblem);
    problems.check(at("originServerName"), request.originServerName, serverNameProblem);
    const service = plain(route.service);
    if (service !== undefined && !usesTls(service)) {
        for (const key of TLS_ONLY) {
            const set = request[key] !== undefined && request[key] !== false;
            problems.add(
                at(key),
                set ? `has no meaning for ${JSON.stringify(service)}, which is not TLS. Leave it out.` : undefined,
            );
        }
    }
    if (request.socks && service !== undefined && !service.startsWith("tcp:")) {
        problems.add(
            at("socks"),
            `has no meaning for ${JSON.stringify(service)}, which is not "tcp://…". Leave it out.`,
        );
    }
    if (request.matchSniToHost && request.originServerName !== undefined) {
        problems.add(at("matchSniToHost"), 'contradicts "originServerName". Leave one of them out.');
    }
}

/** cloudflared reads seconds as JSON integers; a fraction or a text makes it refuse the whole document. */
function secondsProblem(seconds: number): string | undefined {
    const fits = Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400;
    return fits ? undefined : `${seconds} is not a number of seconds. Write a whole number between 0 and 86400.`;
}

function countProblem(count: number): string | undefined {
    const fits = Number.isInteger(count) && count >= 0;
    return fits ? undefined : `${count} is not a number of connections. Write a whole number from 0 on.`;
}

function headerProblem(host: string): string | undefined {
    const fits = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(:[0-9]{1,5})?$/.test(host);
    return fits ? undefined : `${JSON.stringify(host)} is not a host. Write one such as "grafana.internal".`;
}

function serverNameProblem(serverName: string): string | undefined {
    const fits = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(serverName) && !isWildcard(serverName);
    return fits
        ? undefined
        : `${JSON.stringify(serverName)} is not a server name. Write the name in the origin's certificate.`;
}

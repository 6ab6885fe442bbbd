import type { Problem } from "../internal/problems.ts";
import {
    durationSeconds,
    hostnameProblem,
    matchesHostnamePattern,
    matchesServicePattern,
    memberProblem,
    pathProblem,
    portProblem,
    sessionDurationProblem,
} from "../validation/index.ts";
import type { ExposedRoute } from "./exposures.ts";
import { DEFAULT_LABEL_SESSION, type LabelRules, LabelScheme } from "./labelRules.ts";
import type { RouteKey, RouteLabels } from "./readLabels.ts";

/** Audiences that one route may name. */
const MAX_AUDIENCES = 10;

/** Says that labels of a service do not count under the rules, or nothing. */
export function mayUseLabels(serviceName: string, { services }: LabelRules): string | undefined {
    if (services === undefined || services.some((pattern) => matchesServicePattern(serviceName, pattern))) {
        return undefined;
    }
    return `is none of those whose labels count (${services.join(", ")}). Ask the stack's owner to add it, or remove its labels.`;
}

/** A route as its labels ask for it. */
export interface ReadRoute {
    route: ExposedRoute;
    /** The label that says its host name. */
    label: string;
    /** Everything about it that is wrong or beyond the rules. */
    problems: Problem[];
}

/**
 * Reads a route from its labels and holds it against the rules.
 *
 * @param host name by which the connector finds the service's tasks.
 * @param serverName name in the certificate of a TLS origin.
 */
export function readRoute(
    { prefix, labels }: RouteLabels,
    host: string,
    serverName: string,
    rules: LabelRules,
): ReadRoute {
    const problems: Problem[] = [];
    const check = (key: RouteKey, problemOf: (value: string) => string | undefined, missing?: string) => {
        const label = labels[key];
        const reason = label === undefined ? missing : problemOf(label.value);
        if (reason !== undefined) problems.push({ path: label?.path ?? `${prefix}${key}`, reason });
    };
    const scheme = labels.scheme?.value ?? LabelScheme.Http;
    const audiences = listOf(labels.audience?.value);
    check("hostname", (value) => claimProblem(value, rules), "is missing. Write the public host name.");
    check("port", (value) => portProblem(value) ?? allowedPort(value, rules), "is missing. Write the service's port.");
    check("scheme", (value) => memberProblem(value, rules.schemes ?? [LabelScheme.Http]));
    check("path", (value) => pathProblem(value) ?? streamPathProblem(scheme));
    check("audience", () => audienceProblem(audiences, rules), noAudience(rules));
    check("session", (value) => sessionProblem(value, audiences, rules));
    const { path, session } = labels;
    return {
        route: {
            hostname: labels.hostname?.value ?? "",
            ...(path === undefined ? {} : { path: path.value }),
            service: `${scheme}://${host}:${labels.port?.value ?? ""}`,
            ...(scheme === LabelScheme.Https ? { originServerName: serverName } : {}),
            audiences,
            session: session?.value ?? longestSession(rules),
        },
        label: labels.hostname?.path ?? `${prefix}hostname`,
        problems,
    };
}

function claimProblem(hostname: string, { zone, hostnames, reservedHostnames = [] }: LabelRules): string | undefined {
    const problem = hostnameProblem(hostname, { zone, wildcard: false });
    if (problem !== undefined) return problem;
    if (reservedHostnames.includes(hostname)) {
        return `${JSON.stringify(hostname)} belongs to the stack itself. Write another host name.`;
    }
    return hostnames.some((pattern) => matchesHostnamePattern(hostname, pattern))
        ? undefined
        : `${JSON.stringify(hostname)} is none that labels may claim. Write one that fits ${hostnames.join(" or ")}.`;
}

function allowedPort(port: string, { ports }: LabelRules): string | undefined {
    return ports === undefined || ports.includes(Number(port))
        ? undefined
        : `"${port}" is none that labels may name. Write one of ${ports.join(", ")}.`;
}

function streamPathProblem(scheme: string): string | undefined {
    return scheme === LabelScheme.Http || scheme === LabelScheme.Https
        ? undefined
        : `has no meaning for ${JSON.stringify(scheme)}, which has no paths. Remove it.`;
}

function listOf(text: string | undefined): string[] {
    return (text ?? "").split(",").map((name) => name.trim());
}

function noAudience({ audiences }: LabelRules): string {
    return `is missing, so nobody could enter. Write one of ${namesOf(audiences)}.`;
}

function audienceProblem(asked: readonly string[], { audiences }: LabelRules): string | undefined {
    if (asked.length > MAX_AUDIENCES) return `names ${asked.length} audiences. Write at most ${MAX_AUDIENCES}.`;
    const known = new Set(audiences.map(({ name }) => name));
    const stranger = asked.find((name) => !known.has(name));
    if (stranger !== undefined) {
        return `${JSON.stringify(stranger)} is no audience that labels may name. Write one of ${namesOf(audiences)}.`;
    }
    const twice = asked.find((name, index) => asked.indexOf(name) !== index);
    return twice === undefined ? undefined : `names ${JSON.stringify(twice)} twice. Write it once.`;
}

function namesOf(audiences: LabelRules["audiences"]): string {
    return audiences.map(({ name }) => name).join(", ");
}

function sessionProblem(session: string, asked: readonly string[], rules: LabelRules): string | undefined {
    const problem = sessionDurationProblem(session);
    if (problem !== undefined) return problem;
    const longest = longestSession(rules);
    if (durationSeconds(session) > durationSeconds(longest)) {
        return `${JSON.stringify(session)} is longer than the stack allows. Write at most "${longest}".`;
    }
    // A policy's own session holds over the application's (developers.cloudflare.com, Access session management).
    const own = rules.audiences.find(
        ({ name, sessionDuration }) => sessionDuration !== undefined && asked.includes(name),
    );
    return own === undefined
        ? undefined
        : `has no effect: the audience "${own.name}" has a session of its own (${own.sessionDuration}), which holds. Remove it.`;
}

function longestSession({ maxSession }: LabelRules): string {
    return maxSession ?? DEFAULT_LABEL_SESSION;
}

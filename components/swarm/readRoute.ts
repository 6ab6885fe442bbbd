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

/** Audiences or middlewares that one route may name. */
const MAX_NAMES = 10;

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
    /** Whether it asks for something that only a proxy before the service does. */
    asksForProxy: boolean;
    /** The label that says that there is to be no TLS; omitted means that none does. */
    withoutTls?: string;
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
    const middlewares = labels.middlewares === undefined ? [] : listOf(labels.middlewares.value);
    check("hostname", (value) => claimProblem(value, rules), "is missing. Write the public host name.");
    check("port", (value) => portProblem(value) ?? allowedPort(value, rules), "is missing. Write the service's port.");
    check("scheme", (value) => memberProblem(value, rules.schemes ?? [LabelScheme.Http]));
    check("path", (value) => pathProblem(value) ?? streamProblem(scheme, "paths"));
    check("audience", () => audienceProblem(audiences, rules), noAudience(rules));
    check("session", (value) => sessionProblem(value, audiences, rules));
    check("tls", (value) => tlsProblem(value) ?? streamProblem(scheme, "proxy"));
    check("middlewares", () => middlewaresProblem(middlewares, rules) ?? streamProblem(scheme, "proxy"));
    const { path, session, tls } = labels;
    return {
        route: {
            hostname: labels.hostname?.value ?? "",
            ...(path === undefined ? {} : { path: path.value }),
            service: `${scheme}://${host}:${labels.port?.value ?? ""}`,
            ...(scheme === LabelScheme.Https ? { originServerName: serverName } : {}),
            audiences,
            session: session?.value ?? longestSession(rules),
            ...(middlewares.length === 0 ? {} : { middlewares }),
        },
        label: labels.hostname?.path ?? `${prefix}hostname`,
        asksForProxy: path !== undefined || tls?.value === "true" || middlewares.length > 0,
        ...(tls?.value === "false" ? { withoutTls: tls.path } : {}),
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

/** @param what What only HTTP has. */
function streamProblem(scheme: string, what: string): string | undefined {
    return scheme === LabelScheme.Http || scheme === LabelScheme.Https
        ? undefined
        : `has no meaning for ${JSON.stringify(scheme)}, which has no ${what}. Remove it.`;
}

function tlsProblem(value: string): string | undefined {
    return value === "true" || value === "false" ? undefined : 'is neither "true" nor "false". Write one of them.';
}

function listOf(text: string | undefined): string[] {
    return (text ?? "").split(",").map((name) => name.trim());
}

function noAudience({ audiences }: LabelRules): string {
    return `is missing, so nobody could enter. Write one of ${namesOf(audiences)}.`;
}

function audienceProblem(asked: readonly string[], { audiences }: LabelRules): string | undefined {
    return namesProblem(asked, audiences, { one: "audience", many: "audiences" });
}

function middlewaresProblem(asked: readonly string[], { middlewares = [] }: LabelRules): string | undefined {
    return namesProblem(asked, middlewares, { one: "middleware", many: "middlewares" });
}

/** Says what is wrong with names of what the stack's owner declared, or nothing. */
function namesProblem(
    asked: readonly string[],
    declared: readonly { name: string }[],
    { one, many }: { one: string; many: string },
): string | undefined {
    if (asked.length > MAX_NAMES) return `names ${asked.length} ${many}. Write at most ${MAX_NAMES}.`;
    const known = new Set(declared.map(({ name }) => name));
    const stranger = asked.find((name) => !known.has(name));
    if (stranger !== undefined) {
        const instead = known.size === 0 ? "There is none: remove the label." : `Write one of ${namesOf(declared)}.`;
        return `${JSON.stringify(stranger)} is no ${one} that labels may name. ${instead}`;
    }
    const twice = asked.find((name, index) => asked.indexOf(name) !== index);
    return twice === undefined ? undefined : `names ${JSON.stringify(twice)} twice. Write it once.`;
}

function namesOf(declared: readonly { name: string }[]): string {
    return declared.map(({ name }) => name).join(", ");
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

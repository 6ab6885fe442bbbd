import type { Problem } from "../internal/problems.ts";
import {
    blankProblem,
    hostnamePatternProblem,
    hostnameProblem,
    memberProblem,
    portProblem,
    servicePatternProblem,
    sessionDurationProblem,
    zoneProblem,
} from "../validation/index.ts";
import { repeatedProblem } from "../validation/repeated.ts";
import { type LabelRules, LabelScheme } from "./labelRules.ts";

/** Every mistake in what a stack's owner lets labels ask for, by path below it. */
export function labelRulesProblems(rules: LabelRules): Problem[] {
    const { zone, hostnames, audiences, services, schemes, ports, maxSession, reservedHostnames } = rules;
    const zoneReason = zoneProblem(zone);
    const within = zoneReason === undefined ? zone : undefined;
    const names = audiences.map(({ name }) => name);
    return [
        ...problem("zone", zoneReason),
        ...eachOf("hostnames", hostnames, (pattern) => hostnamePatternProblem(pattern, within)),
        ...none("audiences", names),
        ...audiences.flatMap(({ name, sessionDuration }, index) => [
            ...problem(
                `audiences[${index}].name`,
                name === "" ? "is empty. Write the name of an audience." : blankProblem(name),
            ),
            ...problem(`audiences[${index}].name`, repeatedProblem(names, index, "audiences")),
            ...problem(
                `audiences[${index}].sessionDuration`,
                sessionDuration === undefined ? undefined : sessionDurationProblem(sessionDuration),
            ),
        ]),
        ...eachOf("services", services, servicePatternProblem),
        ...eachOf("schemes", schemes, (scheme) => memberProblem(scheme, Object.values(LabelScheme))),
        ...eachOf("ports", ports, portProblem),
        ...problem("maxSession", maxSession === undefined ? undefined : sessionDurationProblem(maxSession)),
        ...(reservedHostnames ?? []).flatMap((hostname, index) =>
            problem(`reservedHostnames[${index}]`, hostnameProblem(hostname)),
        ),
    ];
}

/** A list that is there allows something, and each thing once. */
function eachOf<T extends string | number>(
    path: string,
    list: readonly T[] | undefined,
    problemOf: (value: T) => string | undefined,
): Problem[] {
    if (list === undefined) return [];
    const texts = list.map(String);
    return [
        ...none(path, list),
        ...list.flatMap((value, index) =>
            problem(`${path}[${index}]`, problemOf(value) ?? repeatedProblem(texts, index, path)),
        ),
    ];
}

function none(path: string, list: readonly unknown[]): Problem[] {
    return problem(
        path,
        list.length === 0 ? "is empty, so labels could ask for nothing. Write at least one." : undefined,
    );
}

function problem(path: string, reason: string | undefined): Problem[] {
    return reason === undefined ? [] : [{ path, reason }];
}

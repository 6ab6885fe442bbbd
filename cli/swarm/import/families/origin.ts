import type { Findings, SourceLabel, SourceService } from "../source.ts";

/** Origins of ours by the scheme in a tunnel's rule, with the port where it names none. */
const SCHEMES: Readonly<Record<string, string>> = { http: "80", https: "443", tcp: "", ssh: "22" };

/** Scheme and port of an origin such as `http://web:8080`; undefined, with a finding, where ours cannot have it. */
export function originOf(
    label: SourceLabel,
    service: SourceService,
    findings: Findings,
): { scheme: string; port: string } | undefined {
    // A variable may hold a colon of its own (`${PORT:-80}`), so it counts as one character of whatever it is part of.
    const parts = /^([a-z]+):\/\/((?:\$\{[^}]*\}|[^:/])+)(?::((?:\$\{[^}]*\}|[^/])+))?(\/.*)?$/i.exec(label.value);
    const [, scheme = "", host = "", port, path = "/"] = parts ?? [];
    const usual = SCHEMES[scheme.toLowerCase()];
    if (usual === undefined) {
        findings.decide(`"${label.value}" is no origin of labels here, which have http, https, tcp and ssh`, label);
        return undefined;
    }
    const meant = service.resolve(host);
    if (meant === undefined || !isItself(meant, service)) {
        findings.decide(
            `leads to "${host}", and labels lead to their own service alone; write them on that service`,
            label,
        );
        return undefined;
    }
    if (path !== "/") {
        findings.decide(
            `has the path "${path}" at the origin, which nothing adds here; let the service have it`,
            label,
        );
        return undefined;
    }
    const named = port ?? usual;
    if (named === "") {
        findings.decide("names no port", label);
        return undefined;
    }
    return { scheme: scheme.toLowerCase(), port: named };
}

/** A service answers to its name, to that in the Swarm, and to those that it was given. */
function isItself(host: string, { name, swarmName, aliases }: SourceService): boolean {
    return [name, swarmName, `tasks.${name}`, `tasks.${swarmName}`, ...aliases].includes(host);
}

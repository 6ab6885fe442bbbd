import { parseDocument } from "yaml";
import type { Problem } from "../../internal/problems.ts";
import { schemaProblems, TraefikFile } from "./schemaProblems.ts";

/** A part of Traefik's dynamic configuration that users write themselves: protocols, kinds, names. */
export type ExtraConfiguration = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** Where users write it. */
const ROOT = "extraConfiguration";

const PROTOCOLS = ["http", "tcp"];

/** The one entry point for others' routers; the rest belong to the proxy itself. */
const ENTRY_POINT = "websecure";

/** Reads what {@link extraProblems} had nothing to say about. */
export function parseExtra(text: string): ExtraConfiguration {
    return parseDocument(text).toJS() as ExtraConfiguration;
}

/**
 * Every mistake in a user's own dynamic configuration: no YAML, not what Traefik reads, or something that would undo what the proxy
 * promises.
 *
 * @param own The proxy's own configuration, whose names are taken.
 */
export function extraProblems(text: string, own: object): Problem[] {
    const document = parseDocument(text);
    if (document.errors.length > 0) {
        return document.errors.map(({ message }) => ({
            path: ROOT,
            reason: `is not YAML: ${message.split("\n")[0]?.replace(/[.:]$/, "")}. Correct it.`,
        }));
    }
    const configuration: unknown = document.toJS();
    if (!isMap(configuration)) return [{ path: ROOT, reason: 'is no map. Write sections such as "http" and "tcp".' }];
    const unreadable = schemaProblems(TraefikFile.Dynamic, configuration, ROOT);
    if (unreadable.length > 0) return unreadable;
    return [
        ...sectionProblems(configuration),
        ...switchedOff(configuration, ROOT),
        ...routerProblems(configuration),
        ...middlewareProblems(configuration),
        ...takenNames(configuration, own),
    ];
}

/** One document of both; no name is in both. */
export function mergeExtra<T extends object>(own: T, extra: ExtraConfiguration): T {
    const merged = { ...own } as Record<string, unknown>;
    for (const [protocol, kinds] of Object.entries(extra)) {
        const section: Record<string, unknown> = { ...map(merged[protocol]) };
        for (const [kind, entries] of Object.entries(kinds)) section[kind] = { ...map(section[kind]), ...entries };
        merged[protocol] = section;
    }
    return merged as T;
}

function sectionProblems(configuration: object): Problem[] {
    const reasons: Readonly<Record<string, string>> = {
        tls: 'does not belong here. Write "certificates" and "tlsOptions" of the proxy.',
        udp: "has no entry point: the proxy takes TCP alone. Remove it.",
    };
    return Object.entries(reasons)
        .filter(([section]) => section in configuration)
        .map(([section, reason]) => ({ path: `${ROOT}.${section}`, reason }));
}

/** Every `insecureSkipVerify` that is on, wherever it stands. */
function switchedOff(value: unknown, path: string): Problem[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
        const at = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
        if (key !== "insecureSkipVerify" || inner !== true) return switchedOff(inner, at);
        const reason = 'switches certificate checks off. Remove it, and write "rootCAs" and "serverName".';
        return [{ path: at, reason }];
    });
}

function routerProblems(configuration: object): Problem[] {
    return PROTOCOLS.flatMap((protocol) =>
        Object.entries(entriesOf(configuration, protocol, "routers")).flatMap(([name, router]) => {
            const path = `${ROOT}.${protocol}.routers.${name}`;
            const { entryPoints, service, tls } = map(router);
            return [
                ...listed(entryPoints).flatMap((entryPoint, index) =>
                    entryPoint === ENTRY_POINT
                        ? []
                        : [
                              {
                                  path: `${path}.entryPoints[${index}]`,
                                  reason: `is not for routers. Write "${ENTRY_POINT}".`,
                              },
                          ],
                ),
                ...(protocol === "tcp" && tls === undefined
                    ? [{ path: `${path}.tls`, reason: 'is missing. Write "tls: {}": nothing passes in clear.' }]
                    : []),
                ...(typeof service === "string" && service.endsWith("@internal")
                    ? [{ path: `${path}.service`, reason: internalService(service) }]
                    : []),
            ];
        }),
    );
}

function internalService(service: string): string {
    const argument = service === "api@internal" ? 'Write "dashboard" of the proxy.' : "Remove the router.";
    return `${JSON.stringify(service)} shows the inside of the proxy. ${argument}`;
}

function middlewareProblems(configuration: object): Problem[] {
    return Object.entries(entriesOf(configuration, "http", "middlewares"))
        .filter(([, middleware]) => "plugin" in map(middleware))
        .map(([name]) => ({
            path: `${ROOT}.http.middlewares.${name}.plugin`,
            reason: "is code from elsewhere, which the proxy would run. Use one of Traefik's own middlewares.",
        }));
}

function takenNames(configuration: object, own: object): Problem[] {
    return PROTOCOLS.flatMap((protocol) =>
        Object.entries(entriesOf(configuration, protocol)).flatMap(([kind, entries]) =>
            Object.keys(map(entries))
                .filter((name) => name in entriesOf(own, protocol, kind))
                .map((name) => ({
                    path: `${ROOT}.${protocol}.${kind}.${name}`,
                    reason: "is a name of the proxy's own. Write another.",
                })),
        ),
    );
}

function entriesOf(configuration: object, ...path: string[]): Record<string, unknown> {
    return map(path.reduce<unknown>((section, key) => map(section)[key], configuration));
}

function isMap(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function map(value: unknown): Record<string, unknown> {
    return isMap(value) ? value : {};
}

function listed(value: unknown): unknown[] {
    return Array.isArray(value) ? value : [];
}

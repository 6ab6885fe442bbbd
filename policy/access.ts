import { coversHostname, globs } from "./hostnames.ts";
import type { Resource } from "./rule.ts";
import { at, knownItems, shown, text } from "./values.ts";

/** A policy whose decision is known, wherever it is written. */
export interface Decision {
    /** The policy as a message calls it. */
    readonly subject: string;
    readonly decision: string;
    readonly policy: unknown;
}

/** The decision of a reusable policy; none if it is not known yet. */
export function ownDecision({ name, props }: Resource): Decision[] {
    return withDecision(`Access policy '${name}'`, props);
}

/**
 * The decisions of the policies that an application carries itself. One that it only refers to by id is judged where
 * it is declared.
 */
export function inlineDecisions({ name, props }: Resource): Decision[] {
    return knownItems(at(props, "policies")).flatMap((policy, index) => {
        const called = shown(text(at(policy, "name")) ?? index + 1);
        return withDecision(`Policy ${called} of Access application '${name}'`, policy);
    });
}

function withDecision(subject: string, policy: unknown): Decision[] {
    const decision = text(at(policy, "decision"));
    return decision === undefined ? [] : [{ subject, decision, policy }];
}

/**
 * Kinds of application that stand before something of one's own; the others are links, launchers and foreign
 * services.
 */
const GUARDING: ReadonlySet<string> = new Set(["self_hosted", "ssh", "vnc", "rdp", "infrastructure"]);

/** Whether an application of a type guards what it names; one without a type is `self_hosted`. */
export function standsBefore(type: unknown): boolean {
    return type === undefined || (typeof type === "string" && GUARDING.has(type));
}

/** What an Access application stands before: a host name and, below it, a path of whole segments. */
export interface Destination {
    readonly hostname: string;
    readonly path: readonly string[];
}

/** The public destinations of an application that are known: `domain`, `selfHostedDomains` and `destinations`. */
export function destinations({ props }: Resource): Destination[] {
    const uris = [
        at(props, "domain"),
        ...knownItems(at(props, "selfHostedDomains")),
        ...knownItems(at(props, "destinations"))
            .filter((destination) => (at(destination, "type") ?? "public") === "public")
            .map((destination) => at(destination, "uri")),
    ];
    return uris
        .filter((uri) => typeof uri === "string")
        .filter((uri) => uri !== "")
        .map(destination);
}

/**
 * A port means nothing to Access, and a final `/*` stands for what a path covers anyway (app-paths in Cloudflare's
 * documentation).
 */
function destination(uri: string): Destination {
    const [host = "", ...path] = uri.replace(/^https?:\/\//, "").split("/");
    const segments = path.filter((segment) => segment !== "");
    return { hostname: host.replace(/:\d+$/, ""), path: segments.at(-1) === "*" ? segments.slice(0, -1) : segments };
}

/**
 * Whether a destination stands before every request that an ingress rule takes.
 *
 * @param path the rule's regular expression; the whole host name if `undefined`
 */
export function guards(destination: Destination, hostname: string, path: string | undefined): boolean {
    if (!coversHostname(destination.hostname, hostname)) return false;
    const certain = path === undefined ? [] : certainSegments(path);
    return (
        destination.path.length <= certain.length &&
        destination.path.every((segment, index) => globs(segment, certain[index] ?? ""))
    );
}

/**
 * The path segments with which every path begins that a regular expression of an ingress rule matches.
 *
 * cloudflared's expression is unanchored RE2: `/admin` matches `/public/admin` and `/administrator` too. So only an
 * anchored one says anything certain, up to its first special character, and its last segment counts only if it is
 * complete: `^/admin(/|$)`.
 */
export function certainSegments(expression: string): string[] {
    const parts = /^\^((?:[^\\^$.|?*+()[\]{}]|\\[^A-Za-z0-9])*)(.*)$/s.exec(expression);
    if (parts === null) return [];
    const [, literal = "", rest = ""] = parts;
    // An alternative may begin differently, and a quantifier may take the last character back.
    if (hasAlternative(rest)) return [];
    const sure = /^[?*+{]/.test(rest) ? literal.replace(/\\?.$/s, "") : literal;
    const segments = sure.replace(/\\(.)/gs, "$1").split("/").slice(1);
    return (SEGMENT_END.test(rest) ? segments : segments.slice(0, -1)).filter((segment) => segment !== "");
}

/** `$`, `(/|$)` or `(/.*)?$`: the path ends here, or the segment does. */
const SEGMENT_END = /^(\$|\((\?:)?(\/\|\$|\$\|\/)\)|\((\?:)?\/\.\*\)\?\$)(?![?*+{])/;

/** Whether an expression has a `|` outside its groups. */
function hasAlternative(expression: string): boolean {
    let open = expression.replace(/\\./gs, "");
    for (let before = ""; before !== open; ) {
        before = open;
        open = open.replace(/\([^()]*\)/g, "");
    }
    return open.includes("|");
}

import type { DirectoryApplication } from "../../../accessDirectory.ts";
import { Remembered } from "../../../remembered.ts";

/** Which application a request belongs to. */
export type ApplicationMatch =
    | { readonly kind: "application"; readonly application: DirectoryApplication; readonly domain: string }
    /** No application covers the hostname and path. */
    | { readonly kind: "none" }
    /** The path can be read in two ways that lead to different applications. */
    | { readonly kind: "ambiguous" };

/**
 * The application that covers a hostname and a path: the one whose entry is the most specific. Nothing is inherited from
 * the others. In a hostname `*` stands for anything within one label, in a path for anything; a path without one covers what
 * is below it (developers.cloudflare.com/cloudflare-one/access-controls/policies/app-paths).
 *
 * A path is matched as it was written and as an origin might read it (escapes undone, dot segments resolved). Where the
 * readings lead to different applications, the request could pass under the policy of one and reach the other.
 */
export function matchApplication(
    applications: readonly DirectoryApplication[],
    hostname: string,
    path: string,
): ApplicationMatch {
    const entries = entriesOn(applications, hostname);
    const [written, ...others] = readingsOf(path).map((reading) =>
        entries.find((entry) => covers(entry.path, reading)),
    );
    if (others.some((other) => other?.application !== written?.application)) {
        return { kind: "ambiguous" };
    }
    return written === undefined
        ? { kind: "none" }
        : { kind: "application", application: written.application, domain: written.domain };
}

/** The applications on any path of a hostname, each with the domain that makes it so; the most specific first. */
export function applicationsOn(
    applications: readonly DirectoryApplication[],
    hostname: string,
): { readonly application: DirectoryApplication; readonly domain: string }[] {
    return entriesOn(applications, hostname).map(({ application, domain }) => ({ application, domain }));
}

interface Entry {
    readonly application: DirectoryApplication;
    readonly domain: string;
    readonly host: RegExp;
    /** The path's literal parts, between its wildcards. */
    readonly path: readonly string[];
    /** The greater, the more specific: compared one after the other. */
    readonly specificity: readonly number[];
}

/** The entries that stand for a hostname, the most specific first. */
function entriesOn(applications: readonly DirectoryApplication[], hostname: string): readonly Entry[] {
    let index = known.get(applications);
    if (index === undefined) {
        index = { all: entriesOf(applications), byHostname: new Remembered() };
        known.set(applications, index);
    }
    const { all, byHostname } = index;
    return byHostname.get(hostname, () => all.filter(({ host }) => host.test(hostname)));
}

/** The entries of one list of applications, which is the same from one request to the next. */
const known = new WeakMap<
    readonly DirectoryApplication[],
    { readonly all: readonly Entry[]; readonly byHostname: Remembered<string, readonly Entry[]> }
>();

/** Every entry of every application, the most specific first. */
function entriesOf(applications: readonly DirectoryApplication[]): readonly Entry[] {
    return applications
        .flatMap((application) => application.hostnames.map((domain) => entryOf(application, domain)))
        .sort(bySpecificity);
}

function entryOf(application: DirectoryApplication, domain: string): Entry {
    const slash = domain.indexOf("/");
    const host = (slash < 0 ? domain : domain.slice(0, slash)).toLowerCase();
    const path = slash < 0 ? "" : domain.slice(slash).replace(/\/$/, "");
    return {
        application,
        domain,
        host: hostPattern(host),
        path: path.split("*"),
        specificity: [-wildcards(host), host.length, path.length - wildcards(path), -wildcards(path)],
    };
}

function bySpecificity(one: Entry, other: Entry): number {
    const difference = one.specificity.map((value, i) => (other.specificity[i] ?? 0) - value);
    return difference.find((value) => value !== 0) ?? 0;
}

const wildcards = (text: string): number => text.split("*").length - 1;

function hostPattern(host: string): RegExp {
    const literals = host.split("*").map((literal) => literal.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"));
    return new RegExp(`^${literals.join("[^.]*")}$`);
}

/** Whether a path is the pattern or lies below it. Each literal is looked for once, so that a long path costs no more than its length. */
function covers([first = "", ...rest]: readonly string[], path: string): boolean {
    if (!path.startsWith(first)) {
        return false;
    }
    let from = first.length;
    const last = rest.pop();
    for (const literal of rest) {
        const at = path.indexOf(literal, from);
        if (at < 0) {
            return false;
        }
        from = at + literal.length;
    }
    if (last === undefined) {
        return endsAt(path, from);
    }
    for (let at = path.indexOf(last, from); at >= 0; at = path.indexOf(last, at + 1)) {
        if (last === "" || endsAt(path, at + last.length)) {
            return true;
        }
    }
    return false;
}

/** Whether a segment of the path ends there. */
const endsAt = (path: string, index: number): boolean => index === path.length || path[index] === "/";

/** The path as written, and each further way in which a server may understand it. */
function readingsOf(path: string): string[] {
    if (!/[%\\]|\/[/.]|^[^/]|^$/.test(path)) {
        // Neither escapes nor dot or empty segments: nothing that anybody could read in another way.
        return [path];
    }
    const readings = new Set([path, resolved(path)]);
    let decoded = path;
    for (let round = 0; round < maximumDecodings; round++) {
        decoded = unescaped(decoded);
        readings.add(decoded);
        readings.add(resolved(decoded));
    }
    return [...readings];
}

/** Twice is what proxies in a row do by mistake; deeper escapes are nobody's path. */
const maximumDecodings = 2;

/** Escapes undone one by one: a wrong one stays as it is, and must not keep the others from being seen. */
function unescaped(path: string): string {
    return path.replace(/(%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll("%", ""), "hex").toString());
}

/** Without empty and dot segments (RFC 3986, 5.2.4) and with `\` as the separator that some servers take it for. */
function resolved(path: string): string {
    const kept: string[] = [];
    for (const part of path.replaceAll("\\", "/").split("/")) {
        // Some servers cut path parameters off: `/a/..;x/b`.
        const segment = /^\.\.?;/.test(part) ? part.slice(0, part.indexOf(";")) : part;
        if (segment === "..") {
            kept.pop();
        } else if (segment !== "." && segment !== "") {
            kept.push(segment);
        }
    }
    const isFolder = kept.length > 0 && /(^|[/\\])\.{0,2}$/.test(path);
    return `/${kept.join("/")}${isFolder ? "/" : ""}`;
}

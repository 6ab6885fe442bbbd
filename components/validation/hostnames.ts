import { isIPv4 } from "node:net";
import { domainToASCII } from "node:url";

/** What a host name is held against. */
export interface HostnameRules {
    /** DNS zone that the name must lie in, at most one label below its apex (what Universal SSL covers). Any zone if omitted. */
    zone?: string;
    /** Whether the first label may be `*`. True if omitted. */
    wildcard?: boolean;
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_LENGTH = 253;

/**
 * Says what is wrong with a public host name, or nothing.
 *
 * A name is lower-case ASCII, without scheme, port or path; a wildcard is the whole first label (cloudflared takes `*`
 * only there). With a zone it must lie inside it, and not deeper than one label: a certificate of Universal SSL covers
 * the apex and first-level names only (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations).
 *
 * @returns the reason and what to write instead; `undefined` if the name is fine.
 */
export function hostnameProblem(hostname: string, rules: HostnameRules = {}): string | undefined {
    return formProblem(hostname) ?? labelProblem(hostname, rules.wildcard ?? true) ?? zoneFit(hostname, rules.zone);
}

/** Says what is wrong with the name of a DNS zone (`example.com`), or nothing. */
export function zoneProblem(zone: string): string | undefined {
    return hostnameProblem(zone, { wildcard: false });
}

/** Whether a name stands for many: its first label is `*`. */
export function isWildcard(hostname: string): boolean {
    return hostname.startsWith("*.");
}

/** What does not belong to a name at all: each of these has a cure that can be spelt out. */
function formProblem(hostname: string): string | undefined {
    const quoted = JSON.stringify(hostname);
    if (hostname === "") return 'is empty. Write a host name such as "app.example.com".';
    if (/\s/.test(hostname)) return `${quoted} contains a space. Write the host name alone.`;
    const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(hostname)?.[0];
    if (scheme !== undefined) {
        const bare = hostname
            .slice(scheme.length)
            .replace(/[/:?#].*$/, "")
            .toLowerCase();
        return `${quoted} starts with a scheme. Write the host name alone: ${JSON.stringify(bare)}.`;
    }
    const extra = /[/?#]/.exec(hostname);
    if (extra !== null) {
        const bare = hostname.slice(0, extra.index).replace(/:.*$/, "");
        return `${quoted} contains a path. Write ${JSON.stringify(bare)} and give the path as "path".`;
    }
    if (hostname.includes("@")) return `${quoted} contains "@". Write the host name alone.`;
    if (hostname.includes(":")) {
        const bare = hostname.replace(/:.*$/, "");
        return `${quoted} contains a port. Visitors use 443; write ${JSON.stringify(bare)}.`;
    }
    if (hostname !== hostname.toLowerCase()) {
        return `${quoted} has upper-case letters. Write ${JSON.stringify(hostname.toLowerCase())}.`;
    }
    if (hostname.endsWith(".")) {
        return `${quoted} ends with a dot. Write ${JSON.stringify(hostname.replace(/\.+$/, ""))}.`;
    }
    const ascii = domainToASCII(hostname);
    if (ascii !== "" && ascii !== hostname && !isIPv4(ascii)) {
        return `${quoted} has letters beyond ASCII. Write ${JSON.stringify(ascii)}.`;
    }
    return undefined;
}

function labelProblem(hostname: string, wildcardAllowed: boolean): string | undefined {
    const quoted = JSON.stringify(hostname);
    if (isIPv4(hostname)) return `${quoted} is an address. Write a host name such as "app.example.com".`;
    if (hostname.length > MAX_LENGTH) {
        return `${quoted} has ${hostname.length} characters. Write a host name of at most ${MAX_LENGTH}.`;
    }
    const wildcard = isWildcard(hostname);
    if (wildcard && !wildcardAllowed) {
        return `${quoted} is a wildcard, which is not possible here. Write one host name.`;
    }
    const labels = (wildcard ? hostname.slice(2) : hostname).split(".");
    if (labels.some((label) => label.includes("*"))) {
        return `${quoted} has "*" inside the name. A wildcard is the whole first label: "*.example.com".`;
    }
    const bad = labels.find((label) => !LABEL.test(label));
    if (bad !== undefined) {
        return `${quoted} has the label ${JSON.stringify(bad)}. A label has 1 to 63 letters, digits and inner hyphens.`;
    }
    if (labels.length < 2)
        return `${quoted} is a single label. Write the full name, such as "${labels[0]}.example.com".`;
    return undefined;
}

function zoneFit(hostname: string, zone: string | undefined): string | undefined {
    if (zone === undefined || hostname === zone) return undefined;
    const quoted = JSON.stringify(hostname);
    if (!hostname.endsWith(`.${zone}`)) {
        return `${quoted} is outside the zone "${zone}". Write a name that ends with ".${zone}".`;
    }
    const below = hostname.slice(0, -zone.length - 1).split(".");
    if (below.length === 1) return undefined;
    const flat = `${(below[0] === "*" ? ["app", ...below.slice(1)] : below).join("-")}.${zone}`;
    return (
        `${quoted} is ${below.length} labels below the zone "${zone}", and Universal SSL covers one. ` +
        `Write ${JSON.stringify(flat)}.`
    );
}

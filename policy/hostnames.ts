/**
 * The three reaches of a wildcard, which differ (sources: cloudflared `ingress/rule.go`; developers.cloudflare.com
 * `access-controls/policies/app-paths` and `ssl/edge-certificates/universal-ssl/limitations`): in an ingress rule
 * `*.example.com` matches names of any depth, in an Access application exactly one label, and Universal SSL covers a
 * zone's first level only.
 */

/** What Cloudflare calls a tunnel's own name; a public name of the tunnel is a CNAME to it. */
const TUNNEL_SUFFIX = ".cfargotunnel.com";

/** A name as two are compared: lower case, without the root's dot. */
export function normalise(hostname: string): string {
    return hostname.toLowerCase().replace(/\.$/, "");
}

/** Whether a DNS target is a tunnel. */
export function isTunnelName(target: string): boolean {
    return normalise(target).endsWith(TUNNEL_SUFFIX);
}

/**
 * Whether a name is made for machines to look up, not to connect to: `_dmarc`, `_acme-challenge`, `s1._domainkey`.
 */
export function isServiceName(name: string): boolean {
    return name.split(".").some((label) => label.startsWith("_"));
}

/** Whether a name is `suffix` itself or lies below it. */
export function isWithin(name: string, suffix: string): boolean {
    const [inner, outer] = [normalise(name), normalise(suffix)];
    return inner === outer || inner.endsWith(`.${outer}`);
}

/** How many labels a name has below a zone's apex; `undefined` if it lies elsewhere. */
export function labelsBelow(name: string, zone: string): number | undefined {
    if (!isWithin(name, zone)) return undefined;
    return normalise(name).split(".").length - normalise(zone).split(".").length;
}

/** The longest suffix of whole labels that all names share; empty if they share none. */
export function commonSuffix(names: readonly string[]): string {
    const [first, ...others] = names.map((name) => normalise(name).split(".").reverse());
    if (first === undefined) return "";
    const shared = first.findIndex((label, index) => others.some((other) => other[index] !== label));
    return (shared === -1 ? first : first.slice(0, shared)).reverse().join(".");
}

/**
 * Whether an ingress rule's host name takes requests for a name: `*.b` at any depth, as in cloudflared's `matchHost`.
 */
export function ingressServes(pattern: string, name: string): boolean {
    const [wanted, asked] = [normalise(pattern), normalise(name)];
    return wanted === asked || (wanted.startsWith("*.") && asked.endsWith(wanted.slice(1)));
}

/**
 * Whether an Access application's or a certificate's host name, with at most one `*` in a label, stands for a name:
 * label by label, so that a wildcard never reaches deeper. A wildcard name is covered by a label that is a wildcard
 * itself.
 */
export function coversHostname(pattern: string, name: string): boolean {
    const [patterns, labels] = [normalise(pattern).split("."), normalise(name).split(".")];
    return patterns.length === labels.length && labels.every((label, index) => globs(patterns[index] ?? "", label));
}

/** Whether a pattern with at most one `*` stands for a text. */
export function globs(pattern: string, value: string): boolean {
    const star = pattern.indexOf("*");
    if (star === -1) return pattern === value;
    if (value.includes("*")) return pattern === "*" || pattern === value;
    const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
    return value.length >= head.length + tail.length && value.startsWith(head) && value.endsWith(tail);
}

import { normalise } from "./hostnames.ts";
import type { Resource } from "./rule.ts";
import { at, items, text, UNKNOWN } from "./values.ts";

/** A rule of a tunnel's ingress document, its place counted from 1 as people do. */
export interface IngressRule {
    readonly place: number;
    readonly last: boolean;
    /** `undefined` where the rule takes every host name. */
    readonly hostname: string | undefined | typeof UNKNOWN;
    /** Regular expression; `undefined` where the rule takes every path. */
    readonly path: string | undefined | typeof UNKNOWN;
    readonly service: string | undefined | typeof UNKNOWN;
    readonly originRequest: unknown;
}

/**
 * The rules of a `ZeroTrustTunnelCloudflaredConfig`, in order; `UNKNOWN` if a preview cannot tell even their number.
 */
export function ingressRules({ props }: Resource): readonly IngressRule[] | typeof UNKNOWN {
    const rules = items(at(props, "config", "ingresses"));
    if (rules === UNKNOWN) return UNKNOWN;
    return rules.map((rule, index) => ({
        place: index + 1,
        last: index === rules.length - 1,
        hostname: filter(at(rule, "hostname"), ["", "*"]),
        path: filter(at(rule, "path"), [""]),
        service: filter(at(rule, "service"), []),
        originRequest: at(rule, "originRequest"),
    }));
}

/** As `ingressRules`, with nothing in place of what is not known. */
export function knownIngressRules(resource: Resource): readonly IngressRule[] {
    const rules = ingressRules(resource);
    return rules === UNKNOWN ? [] : rules;
}

/** Whether a rule answers by itself, so that no origin is behind it. */
export function answersItself({ service }: IngressRule): boolean {
    return typeof service === "string" && service.startsWith("http_status:");
}

/** A rule as a message calls it, with its host name as far as it is known. */
export function describe(resource: Resource, rule: IngressRule): string {
    const hostname = text(rule.hostname);
    const what = hostname === undefined ? "" : ` for "${normalise(hostname)}"`;
    return `Ingress rule ${rule.place} of tunnel configuration '${resource.name}'${what}`;
}

/** The host name of a rule as a finding carries it. */
export function hostnameOf({ hostname }: IngressRule): { hostname?: string } {
    return typeof hostname === "string" ? { hostname } : {};
}

function filter(value: unknown, all: readonly string[]): string | undefined | typeof UNKNOWN {
    if (value === UNKNOWN) return UNKNOWN;
    return typeof value === "string" && !all.includes(value) ? value : undefined;
}

import { commonSuffix, coversHostname, isServiceName, isWithin, labelsBelow, normalise } from "../../hostnames.ts";
import type { RuleConfig, StackFinding, StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, knownItems, shown, text, UNKNOWN } from "../../values.ts";

/**
 * Visitors of a name that no certificate covers get a TLS error. Universal SSL covers a zone's apex and first level
 * (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations).
 *
 * A DNS record names its zone by id, so the apex is taken from the first of: a zone of the same stack, the `zones`
 * setting, what all names of the zone have in common. The last is the apex or lies below it, so a name that is too
 * deep below it is too deep below the apex.
 */
export const universalSsl: StackRule = {
    name: "hostname-is-covered-by-universal-ssl",
    description: "A proxied name lies at most one label below its zone, or a certificate of the stack covers it.",
    severity: "medium",
    remediationSteps:
        "Join the labels with hyphens (`grafana-staging.example.com`), or order a certificate for the name (`cloudflare.CertificatePack`).",
    configSchema: {
        zones: {
            description: "Apex names of the zones that the stack writes to, such as `example.com`.",
            type: "array",
            items: { type: "string" },
            default: [],
        },
    },
    judgeStack: (resources, config) => {
        const certified = resources
            .filter((resource) => resource.type === Token.certificatePack)
            .flatMap(({ props }) => knownItems(at(props, "hosts")))
            .filter((host) => typeof host === "string");
        const findings: StackFinding[] = [];
        for (const { records, apex } of zones(resources, config)) {
            for (const { resource, name } of records) {
                const zone = apex(name);
                const depth = labelsBelow(name, zone) ?? 0;
                if (depth <= 1 || certified.some((host) => coversHostname(host, name))) continue;
                findings.push({
                    resource,
                    hostname: name,
                    wrong: `DNS record '${resource.name}' publishes ${shown(name)}, at least ${depth} labels below its zone, which Universal SSL does not cover.`,
                    instead: `Write ${shown(flattened(name, zone))}, or order a certificate for the name.`,
                });
            }
        }
        return findings;
    },
};

interface Zone {
    readonly records: readonly { readonly resource: StackResource; readonly name: string }[];
    /** The apex, or the best guess that is not above it, for one of the zone's names. */
    apex(name: string): string;
}

function zones(resources: readonly StackResource[], config: RuleConfig): Zone[] {
    const configured = knownItems(config.zones).filter((zone) => typeof zone === "string");
    const published = resources
        .filter((resource) => resource.type === Token.dnsRecord && isOn(at(resource.props, "proxied")))
        .map((resource) => ({ resource, name: text(at(resource.props, "name")) ?? "" }))
        // A name that is not written in full says nothing about its depth.
        .filter(({ name }) => name.includes(".") && !isServiceName(name));
    const groups = Map.groupBy(published, ({ resource }) => zoneKey(resource));
    return [...groups].map(([key, records]) => {
        const declared = records.map(({ resource }) => declaredApex(resource)).find((name) => name !== undefined);
        // Names whose zone is not known yet may belong to several, and what they share would be nobody's apex.
        const guessed = key === UNKNOWN ? "" : commonSuffix(records.map(({ name }) => name));
        return {
            records,
            apex: (name) => declared ?? longest(configured.filter((zone) => isWithin(name, zone))) ?? guessed,
        };
    });
}

/** What the records of one zone have in common: the zone resource, or the id. */
function zoneKey({ props, propertyDependencies }: StackResource): unknown {
    return propertyDependencies.zoneId?.find((from) => from.type === Token.zone) ?? at(props, "zoneId");
}

function declaredApex({ propertyDependencies }: StackResource): string | undefined {
    const zone = propertyDependencies.zoneId?.find((from) => from.type === Token.zone);
    return zone === undefined ? undefined : text(at(zone.props, "name"));
}

function longest(names: readonly string[]): string | undefined {
    return names.toSorted((a, b) => b.length - a.length)[0];
}

/** The name with its labels joined, so that it lies on the zone's first level. */
function flattened(name: string, zone: string): string {
    const below = normalise(name).slice(0, -zone.length - 1);
    return `${below.replace("*", "app").replaceAll(".", "-")}.${zone}`;
}

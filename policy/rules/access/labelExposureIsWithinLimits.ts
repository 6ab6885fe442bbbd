import { destinations } from "../../access.ts";
import { secondsOf } from "../../durations.ts";
import { globs, normalise } from "../../hostnames.ts";
import type { Finding, Resource, ResourceRule, RuleConfig } from "../../rule.ts";
import { ComponentToken, Token } from "../../tokens.ts";
import { at, knownItems, shown, text } from "../../values.ts";

/** What Access takes where an application says nothing, and the maximum where the configured one cannot be read. */
const BY_DEFAULT = "24h";

/** The pattern of every name. */
const ANY = "*";

const KINDS: Readonly<Record<string, string>> = {
    [Token.accessApplication]: "Access application",
    [Token.dnsRecord]: "DNS record",
};

/**
 * What services of a Swarm publish by their labels is decided by whoever may deploy a service, within what the stack's owner lets labels ask for. The
 * pack holds both of them to what the environment's configuration allows. Whatever a `SwarmDiscovery` has made is known by its URN, in previews too.
 */
export const labelExposureIsWithinLimits: ResourceRule = {
    name: "label-exposure-is-within-limits",
    description:
        "What labels of Swarm services publish has a name of its own, one that the configuration allows, and a session that is no longer than it says.",
    severity: "high",
    remediationSteps:
        "Narrow `hostnames` and `maxSession` of `sallyport:swarm` in the stack file to what this rule allows, or have the services ask for other names.",
    configSchema: {
        hostnames: {
            description:
                "Host names that labels may publish, with at most one `*` each, such as `*-dev.example.com`; `*` alone is any, an empty list none.",
            type: "array",
            items: { type: "string" },
            default: [ANY],
        },
        maximum: {
            description: "The longest session behind such a name, in Go's form, such as `8h` or `1h30m`.",
            type: "string",
            pattern: "^([0-9]+(h|m|s))+$",
            default: BY_DEFAULT,
        },
    },
    type: Object.keys(KINDS),
    judge: (resource, config) => {
        if (!isMadeByLabels(resource)) return [];
        const names = namesOf(resource).map(normalise);
        return [...names.flatMap((name) => judgeName(resource, name, config)), ...judgeSession(resource, config)];
    },
};

/** The types of a resource's parents stand in its URN, before its own. */
function isMadeByLabels({ urn }: Resource): boolean {
    const [, , types = ""] = urn.split("::");
    return types.includes(`${ComponentToken.SwarmDiscovery}$`);
}

function namesOf(resource: Resource): string[] {
    if (resource.type === Token.accessApplication) return destinations(resource).map(({ hostname }) => hostname);
    const name = text(at(resource.props, "name"));
    return name === undefined ? [] : [name];
}

function judgeName(resource: Resource, name: string, { hostnames }: RuleConfig): Finding[] {
    const subject = subjectOf(resource);
    if (name.includes("*")) {
        return [
            {
                hostname: name,
                wrong: `${subject} is for the pattern ${shown(name)}, with which one service would have every name of it.`,
                instead: "Have labels ask for one name at a time, or write the app into the stack itself.",
            },
        ];
    }
    const patterns = knownItems(hostnames).filter((pattern) => typeof pattern === "string");
    if (patterns.some((pattern) => fits(normalise(pattern), name))) return [];
    return [
        {
            hostname: name,
            wrong: `${subject} is for ${shown(name)}, which labels may not publish here.`,
            instead: patterns.length === 0 ? "Remove the labels." : `Write a name that fits ${patterns.join(" or ")}.`,
        },
    ];
}

/** A star stands for a part of one label, unless it is all that there is. */
function fits(pattern: string, name: string): boolean {
    if (pattern === ANY) return true;
    return globs(pattern, name) && pattern.split(".").length === name.split(".").length;
}

function judgeSession(resource: Resource, { maximum: configured }: RuleConfig): Finding[] {
    if (resource.type !== Token.accessApplication) return [];
    const maximum = secondsOf(text(configured) ?? "") === undefined ? BY_DEFAULT : String(configured);
    const written = at(resource.props, "sessionDuration");
    const duration = text(written === undefined ? BY_DEFAULT : written);
    if (duration === undefined || (secondsOf(duration) ?? 0) <= (secondsOf(maximum) ?? 0)) return [];
    return [
        {
            wrong: `${subjectOf(resource)} has a session of ${duration}, longer than ${maximum}.`,
            instead: `Set \`maxSession\` of \`sallyport:swarm\` to "${maximum}" or less.`,
        },
    ];
}

function subjectOf({ type, name }: Resource): string {
    return `${KINDS[type]} '${name}' of a service's labels`;
}

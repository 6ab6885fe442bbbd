import { secondsOf } from "../../durations.ts";
import type { Finding, Resource, ResourceRule, RuleConfig } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, shown, text } from "../../values.ts";

/** What Access takes where an application or a team says nothing; a policy without a length has its application's. */
const BY_DEFAULT = "24h";

const KINDS: Readonly<Record<string, string>> = {
    [Token.accessApplication]: "Access application",
    [Token.accessPolicy]: "Access policy",
    [Token.accessOrganization]: "Access organization",
};

/** Whoever has left, and whatever laptop was stolen, is in for as long as the session lasts that was open. */
export const sessionIsShort: ResourceRule = {
    name: "access-session-is-short-enough",
    description: "A login to Access lasts a day at most, or as long as the configuration says.",
    severity: "medium",
    remediationSteps: "Set `sessionDuration` to `24h` or less, or set another `maximum` for the stack.",
    remediation: "A longer `sessionDuration` is written down to the maximum; people log in more often.",
    configSchema: {
        maximum: {
            description: "The longest session, in Go's form, such as `8h` or `1h30m`.",
            type: "string",
            pattern: "^([0-9]+(h|m|s))+$",
            default: BY_DEFAULT,
        },
    },
    type: Object.keys(KINDS),
    judge: (resource, config) => {
        const maximum = maximumOf(config);
        const written = at(resource.props, "sessionDuration");
        const duration = written === undefined && resource.type !== Token.accessPolicy ? BY_DEFAULT : text(written);
        if (duration === undefined || !isLonger(duration, maximum)) return [];
        return [finding(resource, shown(written), maximum)];
    },
};

function finding({ type, name }: Resource, written: string, maximum: string): Finding {
    const says = written === "not set" ? `no 'sessionDuration' and so ${BY_DEFAULT}` : `'sessionDuration' ${written}`;
    return {
        wrong: `${KINDS[type]} '${name}' has ${says}, longer than ${maximum}.`,
        instead: `Write "${maximum}" or less.`,
        edits: [{ path: ["sessionDuration"], value: maximum }],
    };
}

/** A maximum that cannot be read allows no more than the default. */
function maximumOf({ maximum }: RuleConfig): string {
    const configured = text(maximum) ?? BY_DEFAULT;
    return secondsOf(configured) === undefined ? BY_DEFAULT : configured;
}

function isLonger(duration: string, maximum: string): boolean {
    return (secondsOf(duration) ?? 0) > (secondsOf(maximum) ?? 0);
}

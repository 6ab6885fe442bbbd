import { secondsOf } from "../../durations.ts";
import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, shown, text } from "../../values.ts";

/** Whoever finds a token in an old backup is in, for as long as it lasts. The provider's default is a year (`8760h`). */
export const serviceTokenHasAnEnd: ResourceRule = {
    name: "service-token-has-an-end",
    description: "A service token lasts a year at most, or as long as the configuration says.",
    severity: "medium",
    remediationSteps: "Set `duration` to `8760h` or less, and rotate the token before it ends.",
    configSchema: {
        maximum: {
            description: "The longest life of a token, in hours, such as `2160h`.",
            type: "string",
            pattern: "^[0-9]+h$",
            default: "8760h",
        },
    },
    type: Token.accessServiceToken,
    judge: ({ name, props }, config) => {
        const maximum = text(config.maximum) ?? "8760h";
        const duration = text(at(props, "duration"));
        const seconds = duration === "forever" ? Number.POSITIVE_INFINITY : secondsOf(duration ?? "");
        if (seconds === undefined || seconds <= (secondsOf(maximum) ?? 0)) return [];
        return [
            {
                wrong: `Service token '${name}' has the duration ${shown(duration)}, longer than ${maximum}.`,
                instead: `Write "${maximum}" or less, and rotate it.`,
            },
        ];
    },
};

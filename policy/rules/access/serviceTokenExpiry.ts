import type { Finding, StackFinding, StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, text } from "../../values.ts";

const DAY = 24 * 60 * 60 * 1000;

const CURE =
    "Give it a longer `duration`, or replace it: declare another token, move its consumers over, then remove this one.";

/** A token that has ended lets nobody in: what uses it fails, and the stack says nothing of it. */
export const serviceTokenHasNotExpired: StackRule = {
    name: "service-token-has-not-expired",
    description: "A service token that machines enter with is still good.",
    severity: "high",
    remediationSteps: CURE,
    judgeStack: (resources, _, now) =>
        tokens(resources).flatMap(({ resource, expiresAt }) =>
            expiresAt.getTime() > now.getTime()
                ? []
                : [{ resource, ...finding(resource, `expired on ${day(expiresAt)}`) }],
        ),
};

/** The warning before `service-token-has-not-expired`: a preview is where somebody looks in time. */
export const serviceTokenExpiresSoon: StackRule = {
    name: "service-token-expires-soon",
    description: "A service token has more than a month before it ends.",
    severity: "medium",
    level: "advisory",
    remediationSteps: CURE,
    configSchema: {
        days: { description: "How long before its end a token is named.", type: "integer", minimum: 1, default: 30 },
    },
    judgeStack: (resources, config, now) => {
        const days = typeof config.days === "number" ? config.days : 30;
        return tokens(resources).flatMap(({ resource, expiresAt }): StackFinding[] => {
            const left = expiresAt.getTime() - now.getTime();
            if (left <= 0 || left > days * DAY) return [];
            return [{ resource, ...finding(resource, `ends on ${day(expiresAt)}`) }];
        });
    },
};

/** The tokens whose end is known. One that is made or changed gets a new end, which a preview cannot tell. */
function tokens(resources: readonly StackResource[]): { resource: StackResource; expiresAt: Date }[] {
    return resources
        .filter(({ type }) => type === Token.accessServiceToken)
        .flatMap((resource) => {
            const expiresAt = Date.parse(text(at(resource.props, "expiresAt")) ?? "");
            return Number.isNaN(expiresAt) ? [] : [{ resource, expiresAt: new Date(expiresAt) }];
        });
}

function finding({ name }: StackResource, what: string): Finding {
    return { wrong: `Service token '${name}' ${what}.`, instead: CURE };
}

function day(moment: Date): string {
    return moment.toISOString().slice(0, 10);
}

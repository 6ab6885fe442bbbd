import type { StackFinding, StackResource } from "./rule.ts";
import { at, text } from "./values.ts";

const DAY = 24 * 60 * 60 * 1000;

/** What ends by itself. */
export interface Ending {
    readonly resource: StackResource;
    readonly endsAt: Date;
}

/** Setting of the rules that warn: how many days before. */
export const daysBefore = (what: string) => ({
    days: {
        description: `How long before its end ${what} is named.`,
        type: "integer",
        minimum: 1,
        default: 30,
    } as const,
});

/** The resources whose end, a property in RFC 3339, is known. One that is made or changed gets a new end, which a preview cannot tell. */
export function endingsOf(resources: readonly StackResource[], types: readonly string[], property: string): Ending[] {
    return resources
        .filter(({ type }) => types.includes(type))
        .flatMap((resource) => {
            const endsAt = Date.parse(text(at(resource.props, property)) ?? "");
            return Number.isNaN(endsAt) ? [] : [{ resource, endsAt: new Date(endsAt) }];
        });
}

/** Those that have ended, as findings. */
export function ended(endings: readonly Ending[], now: Date, what: string, cure: string): StackFinding[] {
    return endings
        .filter(({ endsAt }) => endsAt.getTime() <= now.getTime())
        .map(({ resource, endsAt }) =>
            finding(resource, `${what} '${resource.name}' expired on ${day(endsAt)}.`, cure),
        );
}

/** Those that are to end within days, as findings. */
export function endingSoon(
    endings: readonly Ending[],
    { now, days }: { readonly now: Date; readonly days: unknown },
    what: string,
    cure: string,
): StackFinding[] {
    const window = (typeof days === "number" ? days : 30) * DAY;
    return endings
        .filter(({ endsAt }) => endsAt.getTime() > now.getTime() && endsAt.getTime() - now.getTime() <= window)
        .map(({ resource, endsAt }) => finding(resource, `${what} '${resource.name}' ends on ${day(endsAt)}.`, cure));
}

function finding(resource: StackResource, wrong: string, instead: string): StackFinding {
    return { resource, wrong, instead };
}

function day(moment: Date): string {
    return moment.toISOString().slice(0, 10);
}

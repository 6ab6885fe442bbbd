import type { Problem } from "../../internal/problems.ts";
import {
    momentText,
    overlapSeconds,
    type RotationSchedule,
    rotationAt,
    rotationProblems,
} from "../../validation/index.ts";

/** How an authority's arguments say which of its roots are in use. */
export interface GenerationArgs {
    generation?: number;
    alsoTrust?: number[];
    rollOver?: RotationSchedule;
}

/** Which roots there are at one moment. */
export interface Generations {
    /** The root that signs. */
    readonly signing: number;
    /** All roots that are to be trusted: the one that signs, then the others. */
    readonly trusted: readonly number[];
}

/**
 * Which roots sign and are trusted. By a schedule, the next one is trusted for the overlap before it signs, and the previous one for the overlap after:
 * so a change of hands is never the first that anybody hears of a root.
 */
export function generationsAt({ generation = 1, alsoTrust = [], rollOver }: GenerationArgs, now: Date): Generations {
    if (rollOver === undefined) return { signing: generation, trusted: [generation, ...alsoTrust] };
    const { version, previousExpiresAt, nextAt } = rotationAt(rollOver, now);
    const isNear = now.getTime() >= Date.parse(nextAt) - overlapSeconds(rollOver) * 1000;
    const isRecent = previousExpiresAt !== undefined && now.getTime() < Date.parse(previousExpiresAt);
    return {
        signing: version,
        trusted: [version, ...(isNear ? [version + 1] : []), ...(isRecent ? [version - 1] : [])],
    };
}

/** When a schedule asks for another set of roots than at a moment, in RFC 3339; undefined without a schedule. */
export function nextStepAt(args: GenerationArgs, now: Date): string | undefined {
    return stepsOf(args, now).find((step) => Date.parse(step) > now.getTime());
}

/** Since when a schedule asks for the set of roots that it asks for at a moment, in RFC 3339; undefined before its start, and without one. */
export function lastStepAt(args: GenerationArgs, now: Date): string | undefined {
    return stepsOf(args, now).findLast((step) => Date.parse(step) <= now.getTime());
}

/** Until when a schedule has more than one root trusted, in RFC 3339; undefined where it has not, or there is none. */
export function settledAt(args: GenerationArgs, now: Date): string | undefined {
    const { trusted } = generationsAt(args, now);
    if (args.rollOver === undefined || trusted.length === 1) return undefined;
    const later = stepsOf(args, now).filter((step) => Date.parse(step) > now.getTime());
    return later.find((step) => generationsAt(args, new Date(step)).trusted.length === 1);
}

/** The moments round one at which a schedule changes the roots, in order. */
function stepsOf({ rollOver }: GenerationArgs, now: Date): string[] {
    if (rollOver === undefined) return [];
    const { since, previousExpiresAt, nextAt } = rotationAt(rollOver, now);
    const overlapMs = overlapSeconds(rollOver) * 1000;
    const at = (offset: number) => momentText(Date.parse(nextAt) + offset);
    const steps = [since, previousExpiresAt, at(-overlapMs), nextAt, at(overlapMs)];
    return steps.filter((step) => step !== undefined).toSorted();
}

/** Every mistake in which roots are in use, by path. */
export function generationProblems({ generation, alsoTrust = [], rollOver }: GenerationArgs): Problem[] {
    const problems: Problem[] = [];
    const add = (path: string, reason: string | undefined) => reason !== undefined && problems.push({ path, reason });
    add("generation", generation === undefined ? undefined : numberProblem(generation));
    for (const [index, other] of alsoTrust.entries()) {
        const path = `alsoTrust[${index}]`;
        const first = alsoTrust.indexOf(other);
        if (other === (generation ?? 1)) add(path, `${other} signs, so it is trusted anyway. Leave it out.`);
        else if (first < index) add(path, `${other} stands at alsoTrust[${first}] already. Write it once.`);
        else add(path, numberProblem(other));
    }
    if (rollOver !== undefined) {
        problems.push(...rotationProblems(rollOver).map(({ path, reason }) => ({ path: `rollOver.${path}`, reason })));
        const stray = 'contradicts "rollOver", which tells it. Leave one of them out.';
        add("generation", generation === undefined ? undefined : stray);
        add("alsoTrust", alsoTrust.length === 0 ? undefined : stray);
    }
    return problems;
}

function numberProblem(generation: number): string | undefined {
    const fits = Number.isSafeInteger(generation) && generation >= 1;
    return fits ? undefined : `${generation} is not a generation. Write a whole number from 1 on.`;
}

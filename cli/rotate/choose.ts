import type { Environment } from "../../stacks/config/environment.ts";
import { newSchedule, type RotationSchedule } from "../../stacks/rotation/newSchedule.ts";
import { type Rotatable, rotatablesOf } from "../../stacks/rotation/rotatable.ts";
import { Mistakes } from "../mistakes.ts";
import { type RotationEntry, RotationState } from "./entries.ts";

/** What is asked for. */
export interface Wanted {
    /** Names or kinds; everything if empty. */
    readonly only: readonly string[];
    /** Only what is due. */
    readonly due: boolean;
    /** Also what was rotated so lately that the one before is still good. */
    readonly force: boolean;
}

/** What comes of it. */
export interface Chosen {
    /** Due: a deployment rotates it, and the stack file says so already. */
    readonly due: readonly RotationEntry[];
    /** Rotated out of turn: the stack file is given another schedule first. */
    readonly early: readonly EarlyRotation[];
    /** Rotated lately, so left as it is. */
    readonly settling: readonly RotationEntry[];
}

export interface EarlyRotation {
    readonly entry: RotationEntry;
    readonly rotatable: Rotatable;
    readonly schedule: RotationSchedule;
}

/**
 * Chooses what is rotated. What is due is never given another version: whoever comes after an interruption ends what was begun and begins nothing again.
 *
 * @throws CommandError (exit 2) with every name that the stack has not, and everything that cannot be rotated out of turn.
 */
export function choose(
    environment: Environment,
    entries: readonly RotationEntry[],
    { only, due, force }: Wanted,
    now: Date,
): Chosen {
    const mistakes = new Mistakes();
    const isNamed = ({ name }: RotationEntry, word: string) => name === word || name.startsWith(`${word}/`);
    for (const word of only) {
        const known = entries.map(({ name }) => name).join(", ");
        const fits = entries.some((entry) => isNamed(entry, word));
        mistakes.add("--only", fits ? undefined : `"${word}" is nothing that this stack has. Write one of ${known}.`);
    }
    const named = entries.filter((entry) => only.length === 0 || only.some((word) => isNamed(entry, word)));
    const rotatables = new Map(rotatablesOf(environment).map((rotatable) => [rotatable.name, rotatable]));
    const isLeft = ({ state }: RotationEntry) => state === RotationState.Settling && !force;
    const early: EarlyRotation[] = [];
    for (const entry of due ? [] : named) {
        const rotatable = rotatables.get(entry.name);
        if (entry.state === RotationState.Due || isLeft(entry)) continue;
        if (rotatable === undefined) {
            const reason = "is made anew before its end, and at no other time.";
            mistakes.add(entry.name, only.includes(entry.name) ? reason : undefined);
            continue;
        }
        const next = newSchedule(rotatable, now);
        if ("problem" in next) mistakes.add(entry.name, next.problem);
        else early.push({ entry, rotatable, schedule: next.schedule });
    }
    mistakes.throwIfAny();
    return {
        due: named.filter(({ state }) => state === RotationState.Due),
        early,
        settling: due ? [] : named.filter(isLeft),
    };
}

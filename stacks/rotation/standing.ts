import { generationsAt, lastStepAt, nextStepAt, settledAt } from "../../components/proxy/mkcert/generations.ts";
import { rotationAt } from "../../components/validation/index.ts";
import type { Environment } from "../config/environment.ts";
import { type Declared, rotatablesOf } from "./rotatable.ts";

/** How a secret stands by the stack file at one moment. */
export interface Standing {
    /** Version that is in use. */
    readonly version: number;
    /** What is to be deployed, as the stack exports it once it is: the version, for authorities with those that are trusted beside it (`2+1`). */
    readonly generation: string;
    /** Since when the calendar asks for it, in RFC 3339; undefined before it asked for anything. */
    readonly since: string | undefined;
    /** When the calendar asks for another generation, in RFC 3339; undefined without a schedule. */
    readonly nextAt: string | undefined;
    /** Until when the version before, or the next one, is good beside it, in RFC 3339; undefined outside such an overlap. */
    readonly settlesAt: string | undefined;
}

/** What a stack file asks for at a moment. It is a matter of file and calendar alone, so whoever deploys next carries out what another one began. */
export function standingAt(declared: Declared, now: Date): Standing {
    if ("roots" in declared) {
        const { signing, trusted } = generationsAt(declared.roots, now);
        const { roots } = declared;
        const generation = trusted.join("+");
        const [since, nextAt] = [lastStepAt(roots, now), nextStepAt(roots, now)];
        return { version: signing, generation, since, nextAt, settlesAt: settledAt(roots, now) };
    }
    if (declared.rotation === undefined) {
        return { version: 1, generation: "1", since: undefined, nextAt: undefined, settlesAt: undefined };
    }
    const { version, since, previousExpiresAt, nextAt } = rotationAt(declared.rotation, now);
    const isOverlap = previousExpiresAt !== undefined && now.getTime() < Date.parse(previousExpiresAt);
    return {
        version,
        generation: String(version),
        since,
        nextAt,
        settlesAt: isOverlap ? previousExpiresAt : undefined,
    };
}

/** By name, the generation of everything that can be rotated: what a stack exports as `rotations` once all of it is deployed. */
export function generationsOf(environment: Environment, now: Date): Record<string, string> {
    return Object.fromEntries(
        rotatablesOf(environment).map(({ name, declared }) => [name, standingAt(declared, now).generation]),
    );
}

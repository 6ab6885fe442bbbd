import { type RotationSchedule, rotationProblems } from "../validation/index.ts";
import type { Problems } from "./problems.ts";

/**
 * Records every mistake in the argument `rotation`, and each argument beside it that says by hand what a schedule tells.
 *
 * @param byHand those arguments, by name.
 */
export function checkRotation(
    problems: Problems,
    rotation: RotationSchedule | undefined,
    byHand: Readonly<Record<string, unknown>> = {},
): void {
    if (rotation === undefined) return;
    problems.addAll(rotationProblems(rotation).map(({ path, reason }) => ({ path: `rotation.${path}`, reason })));
    for (const [argument, value] of Object.entries(byHand)) {
        const stray = 'contradicts "rotation", which tells it. Leave one of them out.';
        problems.add(argument, value === undefined ? undefined : stray);
    }
}

import { removeObjects } from "../../toolchain/docker/index.ts";
import type { Progress } from "../../toolchain/index.ts";
import type { Record } from "../engine/events.ts";
import { up } from "../engine/run.ts";
import { shortName } from "../engine/shortName.ts";
import { exportState, importState } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { declaresDocker, dockerLeftovers } from "./dockerObjects.ts";
import type { PlannedRecovery, RecoveryTarget } from "./plan.ts";

/**
 * Gives the stack the state that was planned, as a whole, and brings everything up to what the program declares. From the first moment on it is a
 * stack like any other: where this is cut off, an ordinary update goes on.
 *
 * @throws CommandError when somebody changed the stack after it was planned, or the engine fails.
 */
export async function carryOut(
    { stack, zones, docker }: RecoveryTarget,
    { before, after }: PlannedRecovery,
    progress: Progress,
): Promise<Record> {
    if (after === undefined) throw new Error("nothing was planned"); // a mistake of ours
    if (JSON.stringify(await exportState(stack)) !== JSON.stringify(before)) {
        throw new CommandError(
            Exit.failed,
            `the state of ${stack.name} was changed by somebody else meanwhile; nothing was done`,
            "run the command again",
        );
    }
    progress.step("Writing the state");
    await importState(stack, after);
    progress.step(`Deploying the stack ${stack.name}`);
    const result = await up(stack, zones, progress);
    if (result.violations.some(({ level }) => level === "mandatory")) return result;
    const { resources = [] } = (await exportState(stack)).deployment;
    if (declaresDocker(resources)) {
        progress.step("Removing secrets and configs that nothing uses any more");
        const known = new Set(resources.flatMap(({ id }) => (id === undefined ? [] : [id])));
        const engine = await docker();
        await removeObjects(engine, await dockerLeftovers(engine, shortName(stack.name), known));
    }
    progress.done();
    return result;
}

import { setTimeout as delay } from "node:timers/promises";
import { CommandError, Exit } from "../exit.ts";
import { abandonedShares, forgetShare } from "./journal.ts";
import { listShareObjects, REMOVAL_ORDER, removeShareObject, type ShareObject } from "./objects.ts";
import type { ShareTarget } from "./target.ts";
import { endOf } from "./title.ts";

/** Waits between the attempts to have the API take something away, in milliseconds. */
const RETRY_AFTER_MS = [500, 2_000, 5_000];

/** Another machine ends its shares by its own clock, so they are left to it for so long: five minutes in milliseconds. */
const CLOCKS_DIFFER_BY_MS = 300_000;

/**
 * Takes away everything that shares of these names have in the account: names first, then tunnels, and the guards last, so that a name never
 * leads anywhere unguarded, also where it ends half way.
 *
 * @param known objects that the API has told the id of, in case a list does not show them yet.
 * @throws CommandError when something is left; it is still in the journal then.
 */
export async function removeShares(
    target: ShareTarget,
    titles: ReadonlySet<string>,
    known: readonly ShareObject[] = [],
    retryAfterMs: readonly number[] = RETRY_AFTER_MS,
): Promise<void> {
    for (let attempt = 0; ; attempt++) {
        try {
            await removeOnce(target, titles, known);
            break;
        } catch (error) {
            const wait = retryAfterMs[attempt];
            if (wait === undefined) {
                throw new CommandError(
                    Exit.failed,
                    `what was shared is not removed completely: ${(error as Error).message}`,
                    `run again later: npx sallyport share --clean --stack ${target.stack}`,
                    { cause: error },
                );
            }
            await delay(wait);
        }
    }
    for (const title of titles) {
        forgetShare(title);
    }
}

async function removeOnce(
    target: ShareTarget,
    titles: ReadonlySet<string>,
    known: readonly ShareObject[],
): Promise<void> {
    const listed = (await listShareObjects(target)).filter(({ title }) => titles.has(title));
    const objects = new Map([...known, ...listed].map((object) => [`${object.kind} ${object.id}`, object]));
    for (const kind of REMOVAL_ORDER) {
        for (const object of objects.values()) {
            if (object.kind === kind) {
                await removeShareObject(target, object);
            }
        }
    }
}

/**
 * Takes away what is left of shares whose command was killed on this machine, and of those of any machine whose time is over, which
 * their names in the account tell.
 *
 * @returns their names.
 */
export async function removeLeftovers(target: ShareTarget): Promise<string[]> {
    const objects = await listShareObjects(target);
    const abandoned = abandonedShares(target.stack).map(({ title }) => title);
    const over = objects.map(({ title }) => title).filter((title) => isOver(title));
    const titles = new Set([...abandoned, ...over]);
    if (titles.size > 0) {
        await removeShares(target, titles);
    }
    return [...titles];
}

function isOver(title: string): boolean {
    const end = endOf(title);
    return end !== undefined && end.getTime() + CLOCKS_DIFFER_BY_MS <= Date.now();
}

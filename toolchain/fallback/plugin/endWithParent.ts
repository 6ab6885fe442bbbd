/** Ends this process with the one that started it. */

/** How often the parent is looked for, in milliseconds. */
const INTERVAL_MS = 500;

/** How long what is under way may take to wind up, in milliseconds. */
const GRACE_MS = 1000;

/**
 * Ends the process when the engine asks for it or is gone. The engine starts plugins in process groups of their own and
 * ends them with SIGINT, unless it is killed: then nobody would. An orphan gets another parent, which is how this is noticed.
 * @param windUp gives up what is under way; the process ends when it is done, at the latest after the grace period
 */
export function endWithParent(windUp: () => Promise<void>): void {
    const parent = process.ppid;
    const end = () => {
        clearInterval(watch);
        setTimeout(() => process.exit(1), GRACE_MS).unref();
        windUp().finally(() => process.exit(0));
    };
    const watch = setInterval(() => {
        if (process.ppid !== parent) {
            end();
        }
    }, INTERVAL_MS);
    process.once("SIGINT", end).once("SIGTERM", end);
}

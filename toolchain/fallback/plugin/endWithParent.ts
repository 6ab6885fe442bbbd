/** Ends this process with the one that started it. */

/** How often the parent is looked for, in milliseconds. */
const INTERVAL_MS = 500;

/** How long what is under way may take to wind up, in milliseconds. */
const GRACE_MS = 1000;

/**
 * The engine starts plugins in process groups of their own and ends them itself, unless it is killed: then nobody would.
 * An orphan gets another parent, which is how this is noticed.
 * @param windUp called first, to give up what is under way
 */
export function endWithParent(windUp: () => void): void {
    const parent = process.ppid;
    const end = () => {
        clearInterval(watch);
        windUp();
        setTimeout(() => process.exit(1), GRACE_MS).unref();
    };
    const watch = setInterval(() => {
        if (process.ppid !== parent) {
            end();
        }
    }, INTERVAL_MS);
    process.once("SIGINT", end).once("SIGTERM", end);
}

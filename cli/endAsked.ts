/** The signals that ask a command to end: Ctrl-C, `kill`, and a terminal that was closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Resolves when the user or the system asks this process to end. It then ends by itself, in order, rather than at once. */
export function endAsked(): Promise<void> {
    return new Promise((resolve) => {
        for (const signal of SIGNALS) {
            process.once(signal, () => resolve());
        }
    });
}

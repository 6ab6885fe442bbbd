import { endAsked } from "../endAsked.ts";
import { CommandError, Exit } from "../exit.ts";
import { type ReflectorOptions, startReflector } from "./reflector.ts";

/** Runs a reflector until it is asked to end, or for so long. */
export async function runReflector(options: ReflectorOptions, forMs: number): Promise<void> {
    await using reflector = await startReflector(options).catch((error: NodeJS.ErrnoException) => {
        throw new CommandError(
            Exit.failed,
            `cannot listen at ${options.address}: ${error.message}`,
            "write an address of this machine and a free port",
        );
    });
    const [first, second] = reflector.ports;
    process.stdout.write(
        `reflecting at ${options.address}, UDP ${first} and ${second}, for ${options.from.join(", ")}\n`,
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, forMs);
    await Promise.race([promise, endAsked()]);
    clearTimeout(timer);
}

import { once } from "node:events";
import { connect } from "node:net";
import { CommandError, Exit } from "../exit.ts";
import { withoutBrackets } from "./request.ts";

const ANSWERS_WITHIN_MS = 3_000;

/** @throws CommandError when nothing listens at the URL: there is nothing to share yet. */
export async function requireOrigin(origin: URL): Promise<void> {
    const port = Number(origin.port || (origin.protocol === "https:" ? 443 : 80));
    const socket = connect({ host: withoutBrackets(origin.hostname), port });
    try {
        await once(socket, "connect", { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    } catch (error) {
        throw new CommandError(
            Exit.failed,
            `nothing answers at ${origin.origin}: ${(error as NodeJS.ErrnoException).code ?? "it takes too long"}`,
            "start the application first",
            { cause: error },
        );
    } finally {
        socket.destroy();
    }
}

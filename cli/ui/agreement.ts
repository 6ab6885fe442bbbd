import { confirm, isCancel } from "@clack/prompts";
import { CommandError, Exit } from "../exit.ts";

/**
 * Asks a person whether to go on, on stderr.
 *
 * @param shown what was shown before and is to be agreed to, for the message where nobody is there.
 * @throws CommandError (exit 2) where nobody is there to ask, or the answer is no.
 */
export async function askForAgreement(question: string, shown: string): Promise<void> {
    if (!process.stdin.isTTY) {
        throw new CommandError(Exit.usage, "nobody is there to ask", `look at ${shown} above, then add --yes`);
    }
    const answer = await confirm({ message: question, output: process.stderr });
    if (isCancel(answer) || !answer) throw new CommandError(Exit.usage, "nothing was changed", "agree, or add --yes");
}

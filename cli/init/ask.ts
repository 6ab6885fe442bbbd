import type { Readable, Writable } from "node:stream";
import { intro, isCancel, select, text } from "@clack/prompts";
import type { Question, Written } from "./questions.ts";
import { brokenOff } from "./request.ts";

/** Where a person is: on stderr, since stdout is for the result. */
export interface Terminal {
    readonly input: Readable;
    readonly output: Writable;
}

/**
 * Asks a person what the command line did not say.
 *
 * @param terminal this process's own where omitted.
 * @throws CommandError (exit 2) where the person breaks off.
 */
export async function ask(
    questions: readonly Question[],
    written: Written,
    terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<Written> {
    intro("A new project. Nothing is written before the last answer, and no secret is asked for.", terminal);
    let known = written;
    for (const question of questions.filter(({ key }) => written[key] === undefined)) {
        known = { ...known, [question.key]: await answerTo(question, known, terminal) };
    }
    return known;
}

async function answerTo(
    { message, hint, usual, choices, problem }: Question,
    known: Written,
    terminal: Terminal,
): Promise<string> {
    const initial = usual?.(known);
    const answer =
        choices === undefined
            ? await text({
                  message,
                  placeholder: hint,
                  ...terminal,
                  ...(initial === undefined ? {} : { initialValue: initial }),
                  validate: (value = "") => problem(value),
              })
            : await select({
                  message,
                  ...terminal,
                  options: [...choices],
                  ...(initial === undefined ? {} : { initialValue: initial }),
              });
    if (isCancel(answer)) throw brokenOff();
    return answer;
}

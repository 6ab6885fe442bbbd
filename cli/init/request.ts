import { CommandError, Exit } from "../exit.ts";
import { Mistakes } from "../mistakes.ts";
import { commaList } from "../swarm/import/source.ts";
import type { Answers, Ci, Login, Platform } from "./answers.ts";
import type { Question, Written } from "./questions.ts";

/**
 * The answers as a new project is made from them.
 *
 * @throws CommandError (exit 2) with everything that is missing or wrong, and, where something is missing, with every option that there is.
 */
export function answersFrom(asked: readonly Question[], written: Written): Answers {
    const mistakes = new Mistakes();
    const missing: string[] = [];
    const complete: { -readonly [Key in keyof Answers]?: string } = {};
    for (const { key, flag, usual, problem } of asked) {
        const text = written[key] ?? (usual === undefined ? undefined : usual({ ...written, ...complete }));
        if (text === undefined) {
            missing.push(flag);
            continue;
        }
        complete[key] = text;
        // What is derived from an answer that is missing or wrong says nothing new.
        if (written[key] !== undefined) mistakes.add(flag, problem(text));
    }
    if (missing.length > 0) {
        mistakes.add(
            missing.join(", "),
            `${missing.length === 1 ? "is" : "are"} missing, and nobody can be asked here.\n${optionLines(asked)}`,
        );
    }
    mistakes.throwIfAny();
    return typed(complete as { [Key in keyof Answers]-?: string });
}

function typed({
    people,
    login,
    environments,
    platform,
    dockerHost,
    ci,
    ...texts
}: { [Key in keyof Answers]-?: string }): Answers {
    return {
        ...texts,
        people: commaList(people),
        login: login as Login,
        environments: commaList(environments),
        platform: platform as Platform,
        ...(dockerHost === "" ? {} : { dockerHost }),
        ci: ci as Ci,
    };
}

/** One line an option: what it says, and what is meant without it. */
function optionLines(asked: readonly Question[]): string {
    const lines = asked.map(({ flag, message, hint, usual, choices }) => {
        const what = choices === undefined ? hint : choices.map(({ value }) => value).join(", ");
        return `  ${flag.padEnd(16)}${usual === undefined ? "needed" : "optional"}  ${message} (${what})`;
    });
    return ["All of them:", ...lines].join("\n");
}

/** What somebody who was asked and broke off is told. */
export function brokenOff(): CommandError {
    return new CommandError(Exit.usage, "nothing was made: the questions were broken off");
}

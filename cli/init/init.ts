import { basename, resolve } from "node:path";
import type { Answers } from "./answers.ts";
import { ask } from "./ask.ts";
import { nextSteps, type Step } from "./nextSteps.ts";
import { projectFiles } from "./projectFiles.ts";
import { questions, type Written } from "./questions.ts";
import { answersFrom } from "./request.ts";
import { writeProject } from "./writeProject.ts";

/** The answer of `sallyport init --json`, a part of the command line's contract. */
export interface NewProject {
    /** Absolute path. */
    folder: string;
    /** Paths of what was written, below the folder. */
    files: string[];
    /** What is left to do there, in order. */
    next: Step[];
}

export interface InitOptions {
    /** Where it is made: new, or a folder that has none of its files. */
    readonly folder: string;
    /** What the command line says; everything else is asked, or is what is usual. */
    readonly written: Written;
    /** Whether somebody can be asked. */
    readonly interactive: boolean;
}

/**
 * Makes a new project that previews green.
 *
 * @throws CommandError with every mistake at once; nothing is made then.
 */
export async function init({ folder, written, interactive }: InitOptions): Promise<NewProject> {
    const target = resolve(folder);
    const asked = questions(basename(target));
    const answers: Answers = answersFrom(asked, interactive ? await ask(asked, written) : written);
    const files = projectFiles(answers, new Date());
    writeProject(target, files);
    return { folder: target, files: [...files.keys()].toSorted(), next: nextSteps(answers) };
}

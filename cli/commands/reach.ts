import { Command } from "commander";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";
import { type SourceFlags, sourceOf, withSource } from "./graphSource.ts";
import { collect } from "./values.ts";

interface Flags extends SourceFlags {
    stack: string[];
    json: boolean;
}

/** `sallyport reach PERSON`: what somebody reaches. */
export function reachCommand(): Command {
    return question("reach", "person", "e-mail address, or the name of a service token or group")
        .description("tell what a person reaches, and under which conditions")
        .addHelpText("after", "\nExample:\n  npx sallyport reach ada@example.com --stack staging")
        .action(async (person: string, flags: Flags) => {
            const { personAnswer, personText } = await import("../reach/answers.ts");
            const answer = personAnswer(await graphsOf(flags), person);
            print(flags, answer, personText(answer), answer.reaches.length);
        });
}

/** `sallyport who-can-reach NAME`: who reaches something. */
export function whoCanReachCommand(): Command {
    return question("who-can-reach", "name", "host name or address, or a part of it or of the service behind it")
        .description("tell who reaches a host name, a database or a network, and under which conditions")
        .addHelpText("after", "\nExample:\n  npx sallyport who-can-reach orders-db")
        .action(async (name: string, flags: Flags) => {
            const { targetAnswer, targetText } = await import("../reach/answers.ts");
            const answer = targetAnswer(await graphsOf(flags), name);
            print(flags, answer, targetText(answer), answer.reachedBy.length);
        });
}

function question(name: string, argument: string, description: string): Command {
    return withSource(
        new Command(name)
            .argument(`<${argument}>`, description)
            .option(
                "--stack <name>",
                "of this stack, may be repeated; of all stacks of the project if omitted",
                collect,
                [],
            )
            .option("--json", "print one JSON document", false),
    );
}

async function graphsOf({ stack, ...flags }: Flags) {
    const { graphOfStack, stacksOfProject } = await import("../reach/sources.ts");
    const options = { ...sourceOf(flags), progress: stderrProgress() };
    const graphs = [];
    for (const name of stack.length > 0 ? stack : await stacksOfProject()) {
        graphs.push(await graphOfStack(name, options));
    }
    return graphs;
}

/** Nobody and nothing are answers too: exit code 1. */
function print({ json }: Flags, answer: object, text: string, found: number): void {
    if (json) {
        printJson(answer);
    } else {
        process.stdout.write(`${text}\n`);
    }
    if (found === 0) process.exitCode = Exit.no;
}

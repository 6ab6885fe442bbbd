import type { Command, Option } from "commander";
import { code, fence, type Page, paragraphs, prose, table } from "./page.ts";

const FOLDER = "reference/cli";

/** The command line's reference: a page for each command with all below it, from what the commands say of themselves. */
export function commandPages(commands: readonly Command[]): Page[] {
    const rows = commands.map((command) => [
        `[\`${command.name()}\`](${command.name()}.md)`,
        prose(command.description()),
    ]);
    const index = paragraphs(
        "# Command line",
        "`sallyport` does what `pulumi` itself does not do. It is run as `npx sallyport …` in the project, and by its name where it is [one file](/single-file.md).",
        table(["Command", ""], rows),
        "Results are on stdout, progress and errors on stderr.",
        table(
            ["Exit code", ""],
            [
                ["0", "all well"],
                ["1", "the answer is no: a policy is violated, an audit failed, there is a difference"],
                ["2", "usage or configuration mistake"],
                ["3", "a tool, a service or the network failed"],
            ],
        ),
    );
    return [
        { path: `${FOLDER}/index`, title: "All commands", text: index },
        ...commands.map((command) => ({
            path: `${FOLDER}/${command.name()}`,
            title: command.name(),
            text: paragraphs(...sections(command, "sallyport", 1)),
        })),
    ];
}

function sections(command: Command, parent: string, depth: number): string[] {
    const name = `${parent} ${command.name()}`;
    // What commander shows: no command that only others of ours start, and not the `help` that every command has.
    const shown = command
        .createHelp()
        .visibleCommands(command)
        .filter((one) => one.name() !== "help");
    const below = shown.flatMap((one) => sections(one, name, 2));
    const usage = `${name} ${command.usage()}`.trim();
    const example = exampleOf(command);
    return [
        `${"#".repeat(depth)} ${name}`,
        sentence(prose(command.description())),
        fence("text", usage),
        ...argumentsOf(command),
        ...optionsOf(command),
        ...(example === undefined ? [] : ["Example:", fence("sh", example)]),
        ...below,
    ];
}

function argumentsOf(command: Command): string[] {
    const rows = command.registeredArguments.map((argument) => [
        code(argument.required ? `<${argument.name()}>` : `[${argument.name()}]`),
        [prose(argument.description), choices(argument.argChoices), byDefault(argument.defaultValue)].join(""),
    ]);
    return rows.length === 0 ? [] : [table(["Argument", ""], rows)];
}

function optionsOf(command: Command): string[] {
    const rows = command.options
        .filter(({ hidden }) => !hidden)
        .map((option: Option) => [
            code(option.flags),
            [prose(option.description), choices(option.argChoices), byDefault(option.defaultValue)].join(""),
        ]);
    return rows.length === 0 ? [] : [table(["Option", ""], rows)];
}

function choices(values: readonly string[] | undefined): string {
    return values === undefined ? "" : `; one of ${values.map(code).join(", ")}`;
}

/** A default that says something; what is off or empty unless it is asked for needs no words. */
function byDefault(value: unknown): string {
    const says = (typeof value === "string" && value !== "") || typeof value === "number";
    return says ? `; ${code(String(value))} if omitted` : "";
}

function sentence(text: string): string {
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}

/** The example that a command's help ends with; undefined for a command that only has others below it. */
function exampleOf(command: Command): string | undefined {
    let help = "";
    const before = command.configureOutput();
    command.configureOutput({ ...before, writeOut: (text) => (help += text) });
    command.outputHelp();
    command.configureOutput(before);
    const [, example] = help.split(/\nExamples?:\n/);
    return example
        ?.split("\n")
        .map((line) => line.replace(/^ {2}/, ""))
        .join("\n")
        .trim();
}

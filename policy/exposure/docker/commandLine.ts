import { commandsIn } from "./shell.ts";

/** Programs that take Docker's commands. */
const PROGRAM = /(^|\/)(docker|podman|nerdctl)$/;

/** Commands that start containers, each by its words after the program's own options. */
const STARTS = ["run", "create", "container run", "container create", "service create", "service update"] as const;

/**
 * Options without a value (docs.docker.com/reference/cli/docker/container/run and …/service/create); every other one
 * is followed by its value.
 */
const SWITCHES: ReadonlySet<string> = new Set([
    "--detach",
    "--disable-content-trust",
    "--force",
    "--help",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--no-resolve-image",
    "--oom-kill-disable",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--read-only",
    "--rm",
    "--rollback",
    "--sig-proxy",
    "--tty",
    "--use-api-socket",
    "--with-registry-auth",
]);
/** Letters of options without a value. */
const SWITCH_LETTERS = /^[diPqt]$/;

const PUBLISH = ["-p", "--publish", "--publish-add"];
const NETWORK = ["--net", "--network", "--network-add"];

/** What commands in a script do that opens a port, each as the words that do it. */
export function publishingWords(script: string): readonly string[] {
    return commandsIn(script).flatMap((words) => [...openedBy(words), ...scriptsWithin(words)]);
}

/** A script that is one word of another: `sh -c "docker run …"`. */
function scriptsWithin(words: readonly string[]): readonly string[] {
    return words
        .filter((word) => /\s/.test(word) && /docker|podman|nerdctl/.test(word))
        .flatMap((word) => publishingWords(word));
}

function openedBy(words: readonly string[]): readonly string[] {
    const start = words.findIndex((word) => PROGRAM.test(word));
    if (start < 0) return [];
    const after = words.slice(start + 1);
    const found = commandIn(after);
    if (found === undefined) return [];
    return options(after.slice(found)).flatMap(({ name, value }) => {
        if (name === "-P" || name === "--publish-all") return value === "false" ? [] : [name];
        if (PUBLISH.includes(name)) return [`${name} ${value ?? ""}`.trim()];
        return NETWORK.includes(name) && isHost(value) ? [`${name} ${value}`] : [];
    });
}

function isHost(value: string | undefined): boolean {
    return value === "host" || /(^|,)name=host(,|$)/.test(value ?? "");
}

/** Where the options of a command that starts containers begin; the program's own options come before the command. */
function commandIn(words: readonly string[]): number | undefined {
    const at = words.findIndex((word, index) => !word.startsWith("-") && !isValueOf(words[index - 1]));
    if (at < 0) return undefined;
    if (STARTS.some((command) => command === words[at])) return at + 1;
    return STARTS.some((command) => command === `${words[at]} ${words[at + 1]}`) ? at + 2 : undefined;
}

/** Whether a word before is an option of the program itself that takes a value. */
function isValueOf(before: string | undefined): boolean {
    return (
        before !== undefined && /^(-[cHl]|--(config|context|host|log-level|tlscacert|tlscert|tlskey|url))$/.test(before)
    );
}

interface Option {
    readonly name: string;
    readonly value: string | undefined;
}

/** The options up to the image; what follows it belongs to the program in the container. */
function options(words: readonly string[]): readonly Option[] {
    const found: Option[] = [];
    for (let index = 0; index < words.length; index++) {
        const word = words[index] ?? "";
        if (!word.startsWith("-") || word === "-") break;
        if (word.startsWith("--")) {
            const [name = "", ...rest] = word.split("=");
            const value = rest.length > 0 ? rest.join("=") : undefined;
            const takesNext = value === undefined && !SWITCHES.has(name);
            found.push({ name, value: takesNext ? words[++index] : value });
            continue;
        }
        const letters = shortOptions(word, words[index + 1]);
        found.push(...letters.options);
        if (letters.takesNext) index++;
    }
    return found;
}

/** `-dp 80:80`, `-p80:80`: switches, and at the end one that takes the rest or the next word. */
function shortOptions(word: string, next: string | undefined): { options: Option[]; takesNext: boolean } {
    const options: Option[] = [];
    for (const [index, letter] of [...word].entries()) {
        if (index === 0) continue;
        if (SWITCH_LETTERS.test(letter)) {
            options.push({ name: `-${letter}`, value: undefined });
            continue;
        }
        const rest = word.slice(index + 1).replace(/^=/, "");
        options.push({ name: `-${letter}`, value: rest === "" ? next : rest });
        return { options, takesNext: rest === "" };
    }
    return { options, takesNext: false };
}

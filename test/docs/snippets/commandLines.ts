import { type ParseEntry, parse } from "shell-quote";
import manifest from "../../../package.json" with { type: "json" };
import { refusal } from "../../support/commandLine.ts";
import type { Snippet } from "./snippets.ts";

/** Ours, by its name, through npx or through npm. */
const OURS = /(?:\bnpx sallyport|(?<![\w/@.:=-])sallyport|\bnpm run (?:-s )?[\w:-]+)(?=\s|$).*/g;

/** The beginning of a line that is typed, where a block shows what is answered as well. */
const PROMPT = /^[$#] /;

/** What is wrong with the command lines of ours in a block for a shell, or in a sentence. */
export function commandMistakes({ file, line, language, code }: Snippet): string[] {
    const inline = language === "inline";
    // A line that goes on keeps its place.
    const lines = code.replace(/\\\n/g, (end) => end.replace("\\\n", " \u0000")).split(/\n/);
    let at = line - 1;
    return lines.flatMap((text) => {
        at += 1;
        const place = at;
        at += text.split("\u0000").length - 1;
        const typed = language !== "console" || PROMPT.test(text);
        if (!typed) return [];
        return callsIn(text.replaceAll("\u0000", "").replace(PROMPT, ""))
            .flatMap((call) => mistakeIn(call, inline) ?? [])
            .map((mistake) => `${file}:${place}: ${mistake}`);
    });
}

function callsIn(text: string): string[] {
    // A sentence speaks of `<stack>`, which a shell would take for a file.
    return [...text.replace(/<([\w-]+)>/g, "$1").matchAll(OURS)].map(([call]) => call);
}

function mistakeIn(call: string, inline: boolean): string | undefined {
    const words = wordsOf(call);
    // "and so on"
    if (words.some((word) => word.includes("…"))) return undefined;
    if (words[0] === "npm") {
        const [script = "", ...rest] = words.slice(2).filter((word) => word !== "-s");
        if (!(script in manifest.scripts)) return `"npm run ${script}" is no script of package.json`;
        if (script !== "local" && script !== "sallyport") return undefined;
        const passed = rest[0] === "--" ? rest.slice(1) : [];
        return refusal(script === "local" ? ["local", ...passed] : passed, { partial: inline });
    }
    return refusal(words.slice(words[0] === "npx" ? 2 : 1), { partial: inline });
}

/** The words of a command, up to where the shell takes over. */
function wordsOf(call: string): string[] {
    const entries = parse(call, (name) => `$${name}`);
    const end = entries.findIndex((entry) => isEnd(entry));
    return entries
        .slice(0, end === -1 ? undefined : end)
        .map((entry) => (typeof entry === "string" ? entry : pattern(entry)));
}

function isEnd(entry: ParseEntry): boolean {
    return typeof entry !== "string" && !("pattern" in entry);
}

function pattern(entry: Exclude<ParseEntry, string>): string {
    return "pattern" in entry ? entry.pattern : "";
}

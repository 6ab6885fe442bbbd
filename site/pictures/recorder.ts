import { execa } from "execa";
import type { Cast, Output } from "./cast.ts";

/** Runs commands one after the other, and keeps what they print with its times, as somebody at a terminal would see it. */
export class Recorder {
    readonly #folder: string;
    readonly #echo: (text: string) => void;
    readonly #events: Output[] = [];
    /** What the time between commands took, which is not a part of the recording. */
    #skipped = 0;
    #ended = Date.now();
    readonly #began = this.#ended;

    /**
     * @param folder the folder in which commands run; its own path is not shown.
     * @param echo told of what is printed, while it is.
     */
    constructor(folder: string, echo: (text: string) => void = () => {}) {
        this.#folder = folder;
        this.#echo = echo;
    }

    /**
     * Runs a command of a shell.
     *
     * @throws Error when it fails.
     */
    async run(command: string): Promise<void> {
        this.#skipped += Date.now() - this.#ended;
        this.#print(`$ ${command}\n`);
        const child = execa("bash", ["-c", command], {
            cwd: this.#folder,
            // What npm has to say of the machine's own settings is nobody's business.
            env: { npm_config_loglevel: "error" },
            ...{ all: true, stdin: "ignore", buffer: false },
        });
        child.all.setEncoding("utf8").on("data", (text: string) => this.#print(text.replaceAll(this.#folder, ".")));
        await child;
        this.#print("\n");
        this.#ended = Date.now();
    }

    /** What was recorded so far. */
    cast(title: string, { width, height }: { width: number; height: number }): Cast {
        return { width, height, title, events: [...this.#events] };
    }

    #print(text: string): void {
        this.#echo(text);
        this.#events.push({ at: (Date.now() - this.#began - this.#skipped) / 1000, text });
    }
}

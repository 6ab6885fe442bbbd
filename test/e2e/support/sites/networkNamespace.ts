import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { startTied, type TiedOptions, type TiedProcess } from "../../../../cli/processes/tied.ts";
import { projectDir } from "../../../../cli/project.ts";
import type { Answer, Errand, HeldReport, Target } from "./errands.ts";

const AGENT = join(import.meta.dirname, "agent.ts");
/** Longer than any handshake here, shorter than TCP's second try at a lost SYN and the one after it: three seconds in milliseconds. */
const ANSWER_WITHIN_MS = 3_000;

/** Makes a namespace and removes it, with all that runs in it, once standard input ends: also when the process that made it is killed. */
const KEEP = `
ip netns add "$1" && ip -n "$1" link set lo up || exit 1
echo ready
cat > /dev/null
for process in $(ip netns pids "$1"); do kill "$process"; done
ip netns delete "$1"`;

/** What a program in a namespace said, and whether it agreed. */
export interface Ran {
    readonly exitCode: number | undefined;
    readonly stdout: string;
    /** Both channels. */
    readonly all: string;
}

/** A connection that a client keeps and uses. */
export interface Held extends AsyncDisposable {
    /** Waits for so many more answers over it; comes back sooner if it ends. */
    answers(more: number): Promise<HeldReport>;
    /** Waits until it ends by itself. */
    ended(): Promise<HeldReport>;
}

/**
 * A machine on the network: a network namespace with its own interfaces, addresses, routes and packet filter, and the files of this machine.
 * What was started in it ends with it.
 */
export class NetworkNamespace implements AsyncDisposable {
    /** As the tests call it: `a1`. */
    readonly name: string;
    /** As `ip netns` calls it. */
    readonly id: string;
    readonly #started = new AsyncDisposableStack();
    #agent: Agent | undefined;

    static async create(name: string, suffix: string): Promise<NetworkNamespace> {
        const id = `sallyport-${suffix}-${name}`;
        const keeper = spawn("sh", ["-c", KEEP, "sh", id], { stdio: ["pipe", "pipe", "inherit"], detached: true });
        const ended = once(keeper, "exit");
        await Promise.race([
            once(keeper.stdout, "data"),
            ended.then(() => Promise.reject(new Error(`no network namespace ${id}`))),
        ]);
        return new NetworkNamespace(name, id, async () => {
            keeper.stdin.end();
            await ended;
        });
    }

    private constructor(name: string, id: string, remove: () => Promise<void>) {
        this.name = name;
        this.id = id;
        this.#started.defer(remove);
    }

    /** Runs a program to its end, whatever it says. */
    async run(program: string, ...args: string[]): Promise<Ran> {
        return this.#run(program, args, "");
    }

    /** Runs a program to its end, with a text on its standard input. Throws what it said if it did not agree. */
    async feed(input: string, program: string, ...args: string[]): Promise<string> {
        const { exitCode, stdout, all } = await this.#run(program, args, input);
        if (exitCode !== 0) throw new Error(`${program} ${args.join(" ")} in ${this.name}: ${all}`);
        return stdout;
    }

    /** The same without an input. */
    succeed(program: string, ...args: string[]): Promise<string> {
        return this.feed("", program, ...args);
    }

    /** Starts a program that ends with the namespace, or when it is disposed of. */
    start(
        command: string,
        args: readonly string[],
        { env = process.env, onLine = () => {} }: Partial<TiedOptions> = {},
    ): TiedProcess {
        return this.#started.use(startTied("ip", ["netns", "exec", this.id, command, ...args], { env, onLine }));
    }

    /** Serves lines in clear at a port, `NAME on NODE: LINE` for each; at every address if none is given. */
    async serve(name: string, port: number, address?: string): Promise<void> {
        await this.#ask({ kind: "serve", name, port, address });
    }

    /** Serves no more at a port; open connections are cut off. */
    async stop(port: number): Promise<void> {
        await this.#ask({ kind: "stop", port });
    }

    /** Sends a line to a service. */
    async ask(target: Target, text = "whoami", withinMs = ANSWER_WITHIN_MS): Promise<Answer> {
        return (await this.#ask({ kind: "ask", target, text, withinMs })) as Answer;
    }

    /** Opens a connection to a service and asks over it every few milliseconds until it is disposed of. */
    async hold(target: Target, { everyMs = 20, withinMs = ANSWER_WITHIN_MS } = {}): Promise<Held> {
        const held = (await this.#ask({ kind: "hold", target, everyMs, withinMs })) as number;
        const end = (by: "us" | "other side") => this.#ask({ kind: "end", held, by }) as Promise<HeldReport>;
        return {
            answers: (more) => this.#ask({ kind: "answers", held, more }) as Promise<HeldReport>,
            ended: () => end("other side"),
            [Symbol.asyncDispose]: async () => {
                await end("us");
            },
        };
    }

    /** Sends one datagram, whether or not somebody is there. */
    async send(target: Target, text: string): Promise<void> {
        await this.#ask({ kind: "datagram", target, text });
    }

    /** Offers what listens in the namespace as a socket in the file system, which is that of this machine, for as long as the namespace lasts. */
    async expose(target: Target, path: string): Promise<void> {
        await this.#ask({ kind: "expose", target, path });
    }

    /** Looks a name up at one name server (`[::1]:8600`); rejects with its answer where it has none. */
    async resolve<Type extends "A" | "AAAA" | "SRV">(server: string, name: string, type: Type) {
        return (await this.#ask({ kind: "resolve", server, name, type })) as Type extends "SRV"
            ? { name: string; port: number; priority: number; weight: number }[]
            : string[];
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#started.disposeAsync();
    }

    async #run(program: string, args: readonly string[], input: string): Promise<Ran> {
        const options = { cwd: projectDir, reject: false, all: true, input } as const;
        const { exitCode, stdout, all } = await execa("ip", ["netns", "exec", this.id, program, ...args], options);
        return { exitCode, stdout, all };
    }

    #ask(errand: Errand): Promise<unknown> {
        this.#agent ??= this.#started.use(new Agent(this));
        return this.#agent.ask(errand);
    }
}

/** The process of ours in a namespace that serves and asks. */
class Agent implements AsyncDisposable {
    readonly #process: ChildProcess;
    readonly #exited: Promise<unknown>;
    #hasEnded = false;
    readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
    #count = 0;

    constructor({ id, name }: NetworkNamespace) {
        const args = ["netns", "exec", id, process.execPath, AGENT, name];
        const child = spawn("ip", args, { stdio: ["pipe", "pipe", "inherit"] });
        this.#process = child;
        this.#exited = once(child, "exit").then(() => {
            this.#hasEnded = true;
            for (const { reject } of this.#asked.values()) reject(new Error(`the agent of ${name} has ended`));
        });
        createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
    }

    ask(errand: Errand): Promise<unknown> {
        if (this.#hasEnded) return Promise.reject(new Error("the agent has ended"));
        const id = this.#count++;
        const answer = Promise.withResolvers<unknown>();
        this.#asked.set(id, answer);
        this.#process.stdin?.write(`${JSON.stringify({ id, errand })}\n`);
        return answer.promise;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#process.stdin?.end();
        await this.#exited;
    }

    #hear(line: string): void {
        const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
        const asked = this.#asked.get(id);
        this.#asked.delete(id);
        if (error === undefined) asked?.resolve(result);
        else asked?.reject(new Error(error));
    }
}

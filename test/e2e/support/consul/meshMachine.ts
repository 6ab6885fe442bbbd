import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TiedProcess } from "../../../../cli/processes/tied.ts";
import type { HostFile } from "../../../../components/index.ts";
import type { NetworkNamespace } from "../sites/networkNamespace.ts";

/** Places that a unit names, which are those of the machine's own folder here. */
const PLACES = ["/etc/sallyport", "/run/credentials", "/var/lib/sallyport-consul"];

/**
 * Does with the files of a machine what its administrator and systemd would: puts them where they belong, below a folder of its own, and runs their
 * units in its namespace, with the credentials that they load. Sandbox and user are left out.
 */
export class MeshMachine {
    readonly machine: NetworkNamespace;
    readonly #root: string;
    readonly #running = new Map<string, TiedProcess>();
    readonly #log: string[] = [];

    constructor(machine: NetworkNamespace, folder: string) {
        this.machine = machine;
        this.#root = join(folder, machine.name);
    }

    /** What its units have said lately. */
    get log(): string {
        return this.#log.slice(-60).join("\n");
    }

    async place(files: readonly HostFile[]): Promise<void> {
        for (const { path, content, mode } of files) {
            const placed = this.#placeOf(path);
            await mkdir(dirname(placed), { recursive: true });
            await writeFile(placed, this.#moved(content), { mode: Number.parseInt(mode, 8) | 0o200 });
        }
    }

    /** Starts a unit, anew if it runs. */
    async restart(unit: string): Promise<void> {
        await this.stop(unit);
        const lines = (await readFile(this.#placeOf(`/etc/systemd/system/${unit}.service`), "utf8")).split("\n");
        const values = (key: string) =>
            lines.flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
        const credentials = this.#placeOf(`/run/credentials/${unit}.service`);
        await loadCredentials(values("LoadCredential"), credentials);
        for (const name of values("StateDirectory"))
            await mkdir(this.#placeOf(`/var/lib/${name}`), { recursive: true });
        for (const before of values("ExecStartPre")) await this.machine.succeed(...words(before.replace(/^\+/, "")));
        const [program, ...args] = words((values("ExecStart")[0] ?? "").replaceAll("%d", credentials));
        const onLine = (line: string) => this.#log.push(`${unit}: ${line}`);
        this.#running.set(unit, this.machine.start(program, args, { env: { PATH: process.env.PATH }, onLine }));
    }

    /** Ends a unit if it runs. */
    async stop(unit: string): Promise<void> {
        await this.#running.get(unit)?.[Symbol.asyncDispose]();
        this.#running.delete(unit);
    }

    #placeOf(path: string): string {
        return join(this.#root, path);
    }

    #moved(text: string): string {
        return PLACES.reduce((moved, place) => moved.replaceAll(place, this.#placeOf(place)), text);
    }
}

function words(command: string): [string, ...string[]] {
    const [program = "", ...args] = command.split(" ");
    return [program, ...args];
}

/** `name:path`, a file under that name, or a folder whose files bear it before theirs. */
async function loadCredentials(loaded: readonly string[], folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const credential of loaded) {
        const [name = "", path = ""] = credential.split(":");
        if (!(await stat(path)).isDirectory()) {
            await cp(path, join(folder, name));
            continue;
        }
        for (const file of await readdir(path)) await cp(join(path, file), join(folder, `${name}_${file}`));
    }
}

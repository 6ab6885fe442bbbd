import { randomBytes } from "node:crypto";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { freePort } from "../../../cli/processes/freePort.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../toolchain/index.ts";

const PROGRAMS = {
    package: "postgresql",
    programs: ["postgres", "initdb", "psql"],
    folders: "/usr/lib/postgresql/*/bin",
} as const;

/** PostgreSQL refuses to run as root; Debian's `nobody` owns nothing else. */
const nobody = { uid: 65_534, gid: 65_534 };

/** A real PostgreSQL on a port of 127.0.0.1, with its data in a temporary folder and one user who has a password. */
export class Postgres implements AsyncDisposable {
    readonly port: number;
    readonly #folder: string;
    readonly #psql: string;
    readonly #stop: () => Promise<unknown>;

    /** Starts it, and installs it before where it is missing. */
    static async start(): Promise<Postgres> {
        const { postgres, initdb, psql } = await ensurePrograms(PROGRAMS, { progress: stderrProgress() });
        const folder = await mkdtemp(join(tmpdir(), "sallyport-postgres-"));
        const user = process.getuid?.() === 0 ? nobody : undefined;
        const [data, password] = [join(folder, "data"), randomBytes(16).toString("hex")];
        const passwordFile = join(folder, "password");
        await writeFile(passwordFile, password, { mode: 0o600 });
        await writeFile(join(folder, "pgpass"), `127.0.0.1:*:*:postgres:${password}\n`, { mode: 0o600 });
        if (user !== undefined) {
            await chown(folder, user.uid, user.gid);
            await chown(passwordFile, user.uid, user.gid);
        }
        const options = { ...user, cwd: folder, stdin: "ignore" } as const;
        const cluster = [
            "-D",
            data,
            "-U",
            "postgres",
            "--pwfile",
            passwordFile,
            "--auth",
            "scram-sha-256",
            "--no-sync",
        ];
        await execa(initdb, [...cluster, "--no-locale", "--encoding", "UTF8"], options);
        const port = await freePort();
        const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", "fsync=off"];
        const server = execa(postgres, ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
            ...options,
            reject: false,
        });
        await saysReady(server.stderr);
        return new Postgres(port, folder, psql, async () => {
            // What PostgreSQL calls a fast shutdown: clients are cut off.
            server.kill("SIGINT");
            await server;
            await rm(folder, { recursive: true });
        });
    }

    private constructor(port: number, folder: string, psql: string, stop: () => Promise<unknown>) {
        this.port = port;
        this.#folder = folder;
        this.#psql = psql;
        this.#stop = stop;
    }

    /** Runs commands with psql, over whatever leads here from a port of 127.0.0.1. Its exit code is part of the result. */
    query(port: number, ...commands: string[]) {
        return this.#run([], port, commands);
    }

    /** The same from within the network namespace of a process, with its loopback. It takes root and Linux. */
    queryWithin(pid: number, port: number, ...commands: string[]) {
        return this.#run(within(pid), port, commands);
    }

    /** One connection from within a process' network namespace that stays open from query to query; each query answers with one line. */
    async connectWithin(pid: number, port: number): Promise<Connection> {
        const psql = this.#run(within(pid), port, []);
        const lines = createInterface({ input: psql.stdout })[Symbol.asyncIterator]();
        const query = async (text: string) => {
            psql.stdin?.write(`${text};\n`);
            return (await lines.next()).value;
        };
        return {
            query,
            [Symbol.asyncDispose]: async () => {
                psql.stdin?.end();
                await psql;
            },
        };
    }

    #run(before: readonly string[], port: number, commands: readonly string[]) {
        const connection = `host=127.0.0.1 port=${port} user=postgres dbname=postgres sslmode=disable connect_timeout=10`;
        const [program = "", ...args] = [...before, this.#psql];
        const options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"];
        return execa(program, [...args, ...options, ...commands.flatMap((command) => ["-c", command]), connection], {
            env: { PGPASSFILE: join(this.#folder, "pgpass") },
            reject: false,
            stdin: commands.length === 0 ? "pipe" : "ignore",
            maxBuffer: 2 ** 26,
        });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#stop();
    }
}

/** A session of psql. */
export interface Connection extends AsyncDisposable {
    /** The one line that a statement answers with; undefined once the connection is lost. */
    query(statement: string): Promise<string | undefined>;
}

/** Runs a command in the network namespace of a process. It takes root and Linux. */
function within(pid: number): string[] {
    return ["nsenter", `--target=${pid}`, "--net", "--"];
}

/** Resolves once the server answers; rejects with what it said when it ends instead. */
async function saysReady(log: Readable): Promise<void> {
    const said: string[] = [];
    for await (const line of createInterface({ input: log })) {
        said.push(line);
        if (line.includes("ready to accept connections")) {
            log.resume();
            return;
        }
    }
    throw new Error(`PostgreSQL does not start: ${said.join("; ")}`);
}

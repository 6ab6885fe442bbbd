import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "node:tls";
import { execa } from "execa";
import { parse } from "yaml";
import { freePort } from "../../../cli/processes/freePort.ts";
import { TraefikFiles, type TraefikFilesArgs } from "../../../components/index.ts";
import { ensureTool, silentProgress } from "../../../toolchain/index.ts";
import { deploy, promiseOf } from "../../support/mocks.ts";

/** Traefik reads its two files at once; a busy machine takes a while to. */
const STARTS_WITHIN_MS = 20_000;

/** What a client shows, and whom it believes. */
export interface Asking {
    readonly hostname: string;
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly ca: string;
    /** Name that it asks by in the handshake; the host name if omitted. */
    readonly servername?: string;
    readonly cert?: string;
    readonly key?: string;
}

export interface Answer {
    readonly status: number;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
}

/**
 * The real Traefik as a process of this machine, with the very files that a {@link TraefikFiles} renders: only the places that a container would
 * have are those of a folder, and the ports are free ones on loopback.
 */
export class TraefikProcess implements AsyncDisposable {
    readonly httpsPort: number;
    readonly httpPort: number;
    readonly metricsPort: number;
    readonly #folder: string;
    readonly #child: ChildProcess;
    readonly #log: string[];

    private constructor(folder: string, child: ChildProcess, log: string[], ports: readonly number[]) {
        [this.httpsPort = 0, this.httpPort = 0, this.metricsPort = 0] = ports;
        this.#folder = folder;
        this.#child = child;
        this.#log = log;
    }

    /** @throws with Traefik's own words if it is not healthy in time. */
    static async start(args: Omit<TraefikFilesArgs, "networks">): Promise<TraefikProcess> {
        const { path } = await ensureTool("traefik", { progress: silentProgress });
        const folder = await mkdtemp(join(tmpdir(), "sallyport-traefik-"));
        const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
        const configFile = await writeFiles(args, folder, ports);
        const child = spawn(path, [`--configFile=${configFile}`], { env: {}, stdio: ["ignore", "pipe", "pipe"] });
        const log: string[] = [];
        for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => log.push(String(chunk)));
        const started = new TraefikProcess(folder, child, log, ports);
        try {
            await started.#untilHealthy(path, configFile);
            return started;
        } catch (error) {
            await started[Symbol.asyncDispose]();
            throw error;
        }
    }

    /** What it has written, its access log among it. */
    get log(): string {
        return this.#log.join("");
    }

    /** Asks it over HTTPS, on a connection of its own. */
    ask({ hostname, path = "/", headers, ca, servername = hostname, cert, key }: Asking): Promise<Answer> {
        const client = { ca, servername, ...(cert === undefined ? {} : { cert, key }) };
        const options = { host: "127.0.0.1", port: this.httpsPort, path, agent: false, ...client };
        return answerTo(httpsRequest, { ...options, headers: { host: hostname, ...headers } });
    }

    /** Asks it in clear, from another address of this machine and with more headers where told to. */
    askInClear(
        port: number,
        hostname: string,
        path = "/",
        { headers, ...from }: Pick<RequestOptions, "localAddress"> & Pick<Asking, "headers"> = {},
    ): Promise<Answer> {
        const options = { host: "127.0.0.1", port, path, agent: false, ...from };
        return answerTo(httpRequest, { ...options, headers: { host: hostname, ...headers } });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        if (this.#child.exitCode === null && this.#child.signalCode === null) {
            const ended = once(this.#child, "exit");
            this.#child.kill("SIGKILL");
            await ended;
        }
        await rm(this.#folder, { recursive: true });
    }

    async #untilHealthy(path: string, configFile: string): Promise<void> {
        const deadline = Date.now() + STARTS_WITHIN_MS;
        while (Date.now() < deadline && this.#child.exitCode === null) {
            const { exitCode } = await execa(path, ["healthcheck", `--configFile=${configFile}`], { reject: false });
            if (exitCode === 0 && !(await this.#showsOwnCertificate())) return;
            await wait(50);
        }
        throw new Error(`Traefik is not healthy:\n${this.log}`);
    }

    /** Whether it answers already, but has not read the dynamic configuration: until then it has a certificate of its own making. */
    async #showsOwnCertificate(): Promise<boolean> {
        const socket = connect({ host: "127.0.0.1", port: this.httpsPort, rejectUnauthorized: false });
        try {
            await once(socket, "secureConnect");
            return true;
        } catch {
            // Nobody is answered without a name that a certificate carries.
            return false;
        } finally {
            socket.destroy();
        }
    }
}

/** Writes the files where its Compose file would have mounted them from, and returns the first that Traefik reads. */
async function writeFiles(args: Omit<TraefikFilesArgs, "networks">, folder: string, ports: readonly number[]) {
    const { result, error } = await deploy(() => new TraefikFiles("proxy", { ...args, networks: ["edge"], folder }));
    if (result === undefined || error !== undefined) throw error;
    const files = [...(await promiseOf(result.files)), ...(await promiseOf(result.secretFiles))];
    const compose = parse(files.find(({ path }) => path.endsWith("docker-compose.yml"))?.content ?? "");
    const mounts = (compose.services.traefik.volumes as string[]).map((mount) => mount.split(":"));
    const [https, http, metrics, ping] = ports;
    for (const { path, mode, content } of files) {
        const placed = mounts
            .reduce((known, [outside = "", inside = ""]) => known.replaceAll(inside, outside), content)
            .replace("address: :8443", `address: 127.0.0.1:${https}`)
            .replace("address: :8080", `address: 127.0.0.1:${http}`)
            .replace("address: :8083", `address: 127.0.0.1:${metrics}`)
            .replace("127.0.0.1:8082", `127.0.0.1:${ping}`);
        await writeFile(path, placed);
        await chmod(path, Number.parseInt(mode, 8));
    }
    return join(folder, "traefik.yml");
}

function answerTo(request: typeof httpRequest | typeof httpsRequest, options: RequestOptions): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const outgoing = request(options);
        outgoing.once("error", reject);
        outgoing.once("response", (response) => {
            const { statusCode: status = 0, headers } = response;
            text(response).then((body) => resolve({ status, headers, body }), reject);
        });
        outgoing.end();
    });
}

import { readFileSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import Docker from "dockerode";

/** How long the engine may take to answer the first question, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** What became of the attempt to reach the Docker engine. */
export type DockerConnection =
    | { readonly state: "running"; readonly docker: Docker; readonly version: string; readonly endpoint: string }
    | { readonly state: "not installed"; readonly endpoint: string }
    | { readonly state: "not running"; readonly endpoint: string; readonly detail: string }
    | { readonly state: "no permission"; readonly endpoint: string };

/** An engine that answered. */
export type RunningDocker = Extract<DockerConnection, { state: "running" }>;

/** Options of {@link connect}. */
export interface ConnectOptions {
    /** Engine address (`unix:///…`, `tcp://…`, `npipe://…`, `ssh://…`); what `DOCKER_HOST` says when omitted, else the platform's socket. */
    readonly host?: string;
    /** Bound for the engine's answer in milliseconds; 5 seconds when omitted. */
    readonly answerWithinMs?: number;
    /** Folders in which an engine that does not run is looked for; PATH and the system's own folders when omitted. */
    readonly searchPath?: string;
}

/**
 * Reaches the Docker engine and says what stands in the way if it cannot.
 *
 * `DOCKER_HOST`, `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` are honoured as dockerode does. Docker contexts are not: an
 * engine that is reached through one needs its address in `DOCKER_HOST`.
 */
export async function connect(options: ConnectOptions = {}): Promise<DockerConnection> {
    const docker = dockerAt(options.host);
    const endpoint = await endpointOf(docker);
    const abortSignal = AbortSignal.timeout(options.answerWithinMs ?? ANSWER_WITHIN_MS);
    try {
        // `_ping` would do, but `doctor` wants the version and it costs the same.
        const { Version } = (await dial(docker, "/version", abortSignal)) as { Version: string };
        return { state: "running", docker, version: Version, endpoint };
    } catch (error) {
        return failed(error, endpoint, options);
    }
}

/**
 * A client for the engine at `host`, or for the one that the environment names. Opens no connection.
 *
 * @throws Error when the address is none that Docker knows.
 */
export function dockerAt(host?: string): Docker {
    if (host === undefined || host === "") return new Docker();
    const url = URL.parse(host);
    switch (url?.protocol) {
        case "unix:":
            return new Docker({ socketPath: host.slice("unix://".length) });
        case "npipe:":
            return new Docker({ socketPath: host.slice("npipe://".length) });
        case "ssh:":
            return new Docker({
                protocol: "ssh",
                host: url.hostname,
                port: url.port || 22,
                username: url.username,
                sshOptions: { agent: process.env.SSH_AUTH_SOCK },
            });
        case "tcp:":
        case "http:":
        case "https:": {
            const secure = url.protocol === "https:" || url.port === "2376" || process.env.DOCKER_TLS_VERIFY === "1";
            return new Docker({
                protocol: secure ? "https" : "http",
                host: url.hostname,
                port: url.port || (secure ? 2376 : 2375),
                ...(secure ? clientCertificate(process.env.DOCKER_CERT_PATH) : {}),
            });
        }
        default:
            throw new Error(
                `host: "${host}" is no Docker engine address; write unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host.`,
            );
    }
}

/** What `DOCKER_CERT_PATH` holds, under the names that every Docker client uses. */
function clientCertificate(folder: string | undefined): Docker.DockerOptions {
    if (!folder) return {};
    const read = (name: string) => readFileSync(join(folder, name));
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
}

/** One GET that can be cut off: dockerode's own `version()` takes no signal. */
function dial(docker: Docker, path: string, abortSignal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
        const statusCodes = { 200: true, 500: "server error" };
        docker.modem.dial({ path, method: "GET", abortSignal, statusCodes }, (error: unknown, answer: unknown) =>
            error ? reject(error) : resolve(answer),
        );
    });
}

/** What dockerode's types leave out of its connection. */
interface Modem {
    readonly protocol: string;
    readonly host?: string;
    readonly port?: number | string;
    getSocketPath(): Promise<string>;
}

async function endpointOf(docker: Docker): Promise<string> {
    const modem = docker.modem as unknown as Modem;
    if (modem.host) return `${modem.protocol}://${modem.host}:${modem.port}`;
    return `unix://${await modem.getSocketPath()}`;
}

async function failed(error: unknown, endpoint: string, options: ConnectOptions): Promise<DockerConnection> {
    const { code, name, message } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "EPERM") return { state: "no permission", endpoint };
    // An explicit address says that there is an engine somewhere, whatever is installed here.
    const addressed = Boolean(options.host ?? process.env.DOCKER_HOST);
    if (code === "ENOENT" && !addressed && !(await isInstalled(options.searchPath))) {
        return { state: "not installed", endpoint };
    }
    const detail = name === "AbortError" ? "it does not answer" : (code ?? message.trim());
    return { state: "not running", endpoint, detail };
}

async function isInstalled(searchPath = [process.env.PATH, ...SYSTEM_FOLDERS].join(delimiter)): Promise<boolean> {
    const names = process.platform === "win32" ? ["dockerd.exe", "docker.exe"] : ["dockerd"];
    const candidates = searchPath
        .split(delimiter)
        .filter(Boolean)
        .flatMap((folder) => names.map((name) => join(folder, name)));
    if (process.platform === "darwin") candidates.push("/Applications/Docker.app");
    const found = await Promise.allSettled(candidates.map((file) => access(file, constants.X_OK)));
    return found.some(({ status }) => status === "fulfilled");
}

/** The engine's folder is often missing from an ordinary user's PATH. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];

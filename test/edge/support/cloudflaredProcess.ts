import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface CloudflaredOptions {
    /** The executable. */
    readonly path: string;
    /** Edge addresses; it opens as many connections as there are, up to four. */
    readonly edge: readonly string[];
    readonly caPem: string;
    readonly accountTag: string;
    readonly tunnelId: string;
    readonly secret: Uint8Array;
    /** Its own ingress rules; from the edge if omitted. */
    readonly configFile?: string;
    /** Further environment, which counts before its own. */
    readonly env?: Readonly<Record<string, string>>;
}

/** Environment of a connector whose edge is an emulated one. */
export function connectorEnvironment({
    home,
    edge,
    caFile,
}: {
    home: string;
    edge: readonly string[];
    caFile: string;
}) {
    return {
        HOME: home,
        TUNNEL_EDGE: edge.join(","),
        TUNNEL_CACERT: caFile,
        // For what it asks with Go's HTTP client: the team's keys.
        SSL_CERT_FILE: caFile,
        TUNNEL_TRANSPORT_PROTOCOL: "http2",
        TUNNEL_METRICS: "127.0.0.1:0",
        TUNNEL_NO_PRECHECKS: "true",
        NO_AUTOUPDATE: "true",
    };
}

/** An unmodified cloudflared that runs a tunnel with a credentials file, in a home folder of its own. */
export class CloudflaredProcess implements AsyncDisposable {
    /** What it has logged, line by line. */
    readonly log: string[] = [];
    readonly #child: ChildProcess;
    readonly #folder: string;
    readonly #exited: Promise<unknown>;

    static async start(options: CloudflaredOptions): Promise<CloudflaredProcess> {
        const folder = await mkdtemp(join(tmpdir(), "sallyport-cloudflared-"));
        const [caFile, credentialsFile] = [join(folder, "ca.pem"), join(folder, "credentials.json")];
        await writeFile(caFile, options.caPem);
        const credentials = {
            AccountTag: options.accountTag,
            TunnelSecret: Buffer.from(options.secret).toString("base64"),
            TunnelID: options.tunnelId,
        };
        await writeFile(credentialsFile, JSON.stringify(credentials), { mode: 0o600 });
        const config = options.configFile === undefined ? [] : ["--config", options.configFile];
        const args = ["tunnel", ...config, "run", "--credentials-file", credentialsFile, options.tunnelId];
        const child = spawn(options.path, args, {
            cwd: folder,
            env: { ...connectorEnvironment({ home: folder, edge: options.edge, caFile }), ...options.env },
            stdio: ["ignore", "ignore", "pipe"],
        });
        return new CloudflaredProcess(child, folder);
    }

    private constructor(child: ChildProcess, folder: string) {
        this.#child = child;
        this.#folder = folder;
        this.#exited = once(child, "exit");
        if (child.stderr) {
            createInterface({ input: child.stderr }).on("line", (line) => this.log.push(line));
        }
    }

    get hasExited(): boolean {
        return this.#child.exitCode !== null || this.#child.signalCode !== null;
    }

    /** Asks it to stop; gives its exit code and how long it took, in milliseconds. */
    async terminate(): Promise<{ exitCode: number | null; tookMs: number }> {
        const before = performance.now();
        this.#child.kill("SIGTERM");
        await this.#exited;
        return { exitCode: this.#child.exitCode, tookMs: performance.now() - before };
    }

    /** Ends it at once, without a goodbye. */
    async kill(): Promise<void> {
        this.#child.kill("SIGKILL");
        await this.#exited;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        if (!this.hasExited) {
            await this.kill();
        }
        await rm(this.#folder, { recursive: true });
    }
}

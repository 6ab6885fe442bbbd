import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { vi } from "vitest";
import { freePort } from "../../../cli/processes/freePort.ts";
import { ConnectProxy } from "../../../emulator/edge/connectProxy.ts";
import type { ProtectedAccount } from "./protectedAccount.ts";

/** A service token, as `cloudflared access` takes it from its environment. */
export interface Credentials {
    readonly id: string;
    readonly secret: string;
}

/** A developer's laptop: an unmodified cloudflared, with a home folder of its own, to which a local edge is the Internet. */
export class Laptop implements AsyncDisposable {
    readonly home: string;
    readonly #cloudflared: string;
    readonly #environment: Readonly<Record<string, string>>;
    readonly #parts: AsyncDisposableStack;

    static async start(cloudflared: string, { port, edge }: Pick<ProtectedAccount, "port" | "edge">): Promise<Laptop> {
        await using parts = new AsyncDisposableStack();
        const home = await mkdtemp(join(tmpdir(), "sallyport-laptop-"));
        parts.defer(() => rm(home, { recursive: true }));
        const ca = join(home, "ca.pem");
        await writeFile(ca, edge.caPem);
        const proxy = parts.use(await ConnectProxy.start({ address: "127.0.0.1:0", target: `127.0.0.1:${port}` }));
        const environment = {
            ...{
                HOME: home,
                PATH: process.env.PATH ?? "",
                HTTPS_PROXY: `http://${proxy.address}`,
                NO_AUTOUPDATE: "true",
            },
            ...{ SSL_CERT_FILE: ca, CURL_CA_BUNDLE: ca },
        };
        return new Laptop(cloudflared, home, environment, parts.move());
    }

    private constructor(
        cloudflared: string,
        home: string,
        environment: Readonly<Record<string, string>>,
        parts: AsyncDisposableStack,
    ) {
        this.home = home;
        this.#cloudflared = cloudflared;
        this.#environment = environment;
        this.#parts = parts;
    }

    /** Starts `cloudflared access …`; its exit code is part of the result. */
    access(args: readonly string[], options: Options = {}) {
        return execa(this.#cloudflared, ["access", ...args], {
            extendEnv: false,
            reject: false,
            stdin: "ignore",
            cwd: this.home,
            ...options,
            env: { ...this.#environment, ...options.env },
        });
    }

    /** Runs `cloudflared access tcp` until it is disposed of; gives the local port that leads to the service. */
    async forward(hostname: string, credentials?: Credentials) {
        const port = await freePort();
        const env = credentials && {
            TUNNEL_SERVICE_TOKEN_ID: credentials.id,
            TUNNEL_SERVICE_TOKEN_SECRET: credentials.secret,
        };
        const forwarder = this.access(["tcp", "--hostname", hostname, "--url", `127.0.0.1:${port}`], { env });
        await vi.waitFor(() => isAccepted(port), { timeout: 10_000, interval: 20 });
        return {
            port,
            async [Symbol.asyncDispose]() {
                forwarder.kill("SIGKILL");
                await forwarder;
            },
        };
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

/** Rejects as long as nothing listens there. */
async function isAccepted(port: number): Promise<void> {
    const socket = connect(port, "127.0.0.1");
    try {
        await once(socket, "connect");
    } finally {
        socket.destroy();
    }
}

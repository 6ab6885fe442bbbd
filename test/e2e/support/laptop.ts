import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, type Options } from "execa";
import { vi } from "vitest";
import { freePort } from "../../../cli/processes/freePort.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ConnectProxy } from "../../../emulator/edge/connectProxy.ts";
import { ensurePrograms } from "../../../toolchain/index.ts";
import type { ProtectedAccount } from "./protectedAccount.ts";

/** A service token, as `cloudflared access` takes it from its environment. */
export interface Credentials {
    readonly id: string;
    readonly secret: string;
}

/** A developer's laptop: an unmodified cloudflared, with a home folder of its own, to which a local edge is the Internet. */
export class Laptop implements AsyncDisposable {
    readonly home: string;
    /** URL of the proxy by which it reaches the edge. */
    readonly proxy: string;
    readonly #cloudflared: string;
    readonly #environment: Readonly<Record<string, string>>;
    readonly #parts: AsyncDisposableStack;

    static async start(cloudflared: string, { port, edge }: Pick<ProtectedAccount, "port" | "edge">): Promise<Laptop> {
        await using parts = new AsyncDisposableStack();
        const home = await mkdtemp(join(tmpdir(), "sallyport-laptop-"));
        parts.defer(() => rm(home, { recursive: true }));
        const ca = join(home, "ca.pem");
        await writeFile(ca, edge.caPem);
        // Nothing else is found on it, and so no browser that cloudflared could open by itself.
        const commands = join(home, "bin");
        const { curl } = await ensurePrograms({ package: "curl", programs: ["curl"] }, { progress: stderrProgress() });
        await mkdir(commands);
        await symlink(curl, join(commands, "curl"));
        const { address } = parts.use(
            await ConnectProxy.start({ address: "127.0.0.1:0", target: `127.0.0.1:${port}` }),
        );
        const proxy = `http://${address}`;
        const environment = {
            ...{ HOME: home, PATH: commands, HTTPS_PROXY: proxy, NO_AUTOUPDATE: "true" },
            ...{ SSL_CERT_FILE: ca, CURL_CA_BUNDLE: ca },
        };
        return new Laptop(cloudflared, home, proxy, environment, parts.move());
    }

    private constructor(
        cloudflared: string,
        home: string,
        proxy: string,
        environment: Readonly<Record<string, string>>,
        parts: AsyncDisposableStack,
    ) {
        this.home = home;
        this.proxy = proxy;
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

    /** Runs `cloudflared access tcp`, with further arguments, until it is disposed of; gives the local port that leads to the service. */
    async forward(hostname: string, credentials?: Credentials, args: readonly string[] = []) {
        const port = await freePort();
        const env = credentials && {
            TUNNEL_SERVICE_TOKEN_ID: credentials.id,
            TUNNEL_SERVICE_TOKEN_SECRET: credentials.secret,
        };
        const forwarder = this.access(["tcp", "--hostname", hostname, "--url", `127.0.0.1:${port}`, ...args], { env });
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

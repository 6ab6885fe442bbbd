import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectDir } from "../../../../cli/project.ts";
import type { CatalogueCluster } from "../../../../components/kubernetes/catalogue.ts";
import { sallyportHome } from "../../../../toolchain/index.ts";
import { sallyport } from "../../../support/cli.ts";
import type { ProtectedAccount } from "../protectedAccount.ts";

export interface KubeLaptopOptions {
    readonly account: ProtectedAccount;
    readonly clusters: readonly CatalogueCluster[];
    /** What its owner has in `~/.kube/config`. */
    readonly kubeconfig: string;
    /** A service token, in place of logins. */
    readonly token?: { readonly client_id: string; readonly client_secret: string };
    /** Path of kubectl. */
    readonly kubectl: string;
}

/** A developer's laptop with a home of its own, that finds clusters in a catalogue and host names at the account's edge. */
export class KubeLaptop implements AsyncDisposable {
    readonly kubeconfigFile: string;
    readonly #folder: string;
    readonly #catalogue: string;
    readonly #token: string[];
    readonly #kubectl: string;

    static async start({ account, clusters, kubeconfig, token, kubectl }: KubeLaptopOptions): Promise<KubeLaptop> {
        const folder = await mkdtemp(join(tmpdir(), "sallyport-laptop-"));
        const write = async (name: string, content: string) => {
            await writeFile(join(folder, name), content, { mode: 0o600 });
            return join(folder, name);
        };
        await mkdir(join(folder, ".kube"));
        await mkdir(join(folder, "cache"));
        // Tools that are there already are not fetched once more.
        await symlink(join(sallyportHome(), "tools"), join(folder, "cache", "tools"));
        await write("edge-ca.pem", account.edge.caPem);
        const edge = { address: account.edge.public.address, caFile: "edge-ca.pem" };
        const catalogue = await write("clusters.json", JSON.stringify({ version: 1, clusters, edge }));
        await write(".kube/config", kubeconfig);
        const credentials = token && { clientId: token.client_id, clientSecret: token.client_secret };
        const file = credentials && (await write("token.json", JSON.stringify(credentials)));
        return new KubeLaptop(folder, catalogue, file === undefined ? [] : ["--service-token", file], kubectl);
    }

    private constructor(folder: string, catalogue: string, token: string[], kubectl: string) {
        this.#folder = folder;
        this.#catalogue = catalogue;
        this.#token = token;
        this.#kubectl = kubectl;
        this.kubeconfigFile = join(folder, ".kube", "config");
    }

    get env(): NodeJS.ProcessEnv {
        const own = { HOME: this.#folder, SALLYPORT_HOME: join(this.#folder, "cache") };
        const none = { KUBECONFIG: "", XDG_CONFIG_HOME: "", CF_ACCESS_CLIENT_ID: "", CF_ACCESS_CLIENT_SECRET: "" };
        return { ...process.env, ...own, ...none };
    }

    kubeconfig(): Promise<string> {
        return readFile(this.kubeconfigFile, "utf8");
    }

    /** Runs `sallyport kube …` to its end. */
    kube(...args: string[]) {
        return sallyport(["kube", ...args], { env: this.env });
    }

    /** Arguments of `sallyport kube connect` for clusters of the catalogue. */
    connecting(...args: string[]): string[] {
        return ["connect", ...args, "--catalogue", this.#catalogue, ...this.#token];
    }

    /** Runs `sallyport kube connect` in the foreground, until it has said how every cluster is. */
    async connect(...args: string[]): Promise<ConnectedKube> {
        const bin = join(projectDir, "cli", "bin.js");
        const command = spawn(process.execPath, [bin, "kube", ...this.connecting(...args), "--json"], {
            env: this.env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        return ConnectedKube.from(command);
    }

    /** Runs the real kubectl; its exit code is part of the result. */
    kubectl(args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv } = {}) {
        return this.kubectlFrom([], args, options);
    }

    /** The same by way of a command that runs others. */
    kubectlFrom(
        command: readonly string[],
        args: readonly string[],
        options: { readonly env?: NodeJS.ProcessEnv } = {},
    ) {
        const [program = "", ...rest] = [...command, this.#kubectl, ...args];
        return execa(program, rest, { env: this.env, extendEnv: false, reject: false, ...options });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.kube("disconnect");
        await rm(this.#folder, { recursive: true });
    }
}

/** A running `sallyport kube connect`. */
export class ConnectedKube implements AsyncDisposable {
    /** What it printed: `{ clusters: [ … ] }`. */
    readonly document: { clusters: { name: string; context: string; port: number; state: string; words: string }[] };
    readonly command: ChildProcess;
    readonly #exited: Promise<unknown>;

    static async from(command: ChildProcess): Promise<ConnectedKube> {
        let said = "";
        command.stderr?.on("data", (data) => {
            said += data;
        });
        const exited = once(command, "exit");
        const announced = once(command.stdout ?? command, "data").then(([document]) => JSON.parse(String(document)));
        const failed = exited.then(() => {
            throw new Error(`It ended: ${said}`);
        });
        return new ConnectedKube(command, await Promise.race([announced, failed]), exited);
    }

    private constructor(command: ChildProcess, document: ConnectedKube["document"], exited: Promise<unknown>) {
        this.command = command;
        this.document = document;
        this.#exited = exited;
    }

    async end(signal: NodeJS.Signals): Promise<number | null> {
        this.command.kill(signal);
        await this.#exited;
        return this.command.exitCode;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        if (this.command.exitCode === null && this.command.signalCode === null) {
            await this.end("SIGTERM");
        }
    }
}

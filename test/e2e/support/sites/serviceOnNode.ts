import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TiedProcess } from "../../../../cli/processes/tied.ts";
import type { HostFile, ServiceHost } from "../../../../components/index.ts";
import { ensureTool, silentProgress } from "../../../../toolchain/index.ts";
import type { NetworkNamespace, Ran } from "./networkNamespace.ts";

/** What a deployment gives for one service on one node. */
export interface DeployedHost {
    readonly host: ServiceHost;
    readonly secretFiles: readonly HostFile[];
}

/**
 * A service of a federation as it runs on a node: the very files that are rendered for it, below a folder of their own in the place of `/`, its firewall in the
 * node's kernel and the real Traefik. What systemd would do with its unit is done by hand.
 */
export class ServiceOnNode implements AsyncDisposable {
    readonly #machine: NetworkNamespace;
    readonly #root: string;
    readonly #traefik: string;
    readonly #log: string[] = [];
    readonly #resources = new AsyncDisposableStack();
    #host: ServiceHost | undefined;
    #process: TiedProcess | undefined;
    #pid = 0;

    /** @param prepare What has to be there before the proxy starts; ends with it. */
    static async start(
        machine: NetworkNamespace,
        deployed: DeployedHost,
        prepare?: (service: ServiceOnNode) => Promise<AsyncDisposable>,
    ): Promise<ServiceOnNode> {
        const { path } = await ensureTool("traefik", { progress: silentProgress });
        const started = new ServiceOnNode(machine, await mkdtemp(join(tmpdir(), `${machine.id}-`)), path);
        await started.put(deployed);
        started.#resources.use(await prepare?.(started));
        await started.#begin();
        return started;
    }

    private constructor(machine: NetworkNamespace, root: string, traefik: string) {
        this.#machine = machine;
        this.#root = root;
        this.#traefik = traefik;
    }

    /** What Traefik has said. */
    get log(): string {
        return this.#log.join("\n");
    }

    /** Where a file of the node lies. */
    path(file: string): string {
        return join(this.#root, file);
    }

    /** Puts the files of a deployment in the place of those before. */
    async put({ host, secretFiles }: DeployedHost): Promise<void> {
        for (const { path, mode, content } of [...host.files, ...secretFiles]) {
            await mkdir(dirname(this.path(path)), { recursive: true });
            await writeFile(this.path(path), content.replaceAll("/etc/sallyport/", `${this.#root}/etc/sallyport/`));
            await chmod(this.path(path), Number.parseInt(mode, 8));
        }
        this.#host = host;
    }

    /** `start` of the deployment: firewall, then the proxy anew. Resolves with the milliseconds that the proxy took to end. */
    async restart(): Promise<number> {
        await this.guard();
        const begun = performance.now();
        process.kill(this.#pid, "SIGTERM");
        await this.#process?.ended;
        const took = performance.now() - begun;
        await this.#begin();
        return took;
    }

    /** A file of the deployment, by the end of its path. */
    text(name: string): string {
        return this.#file(name)?.content ?? "";
    }

    /** `renew` of the deployment. */
    renew(): void {
        process.kill(this.#pid, "SIGHUP");
    }

    /** `check` of the deployment. */
    check(): Promise<Ran> {
        const [program = "", ...args] = (this.#host?.check ?? "").split(" ");
        return this.#machine.run(program, ...args.map((arg) => this.path(arg)));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#process?.[Symbol.asyncDispose]();
        await this.#resources.disposeAsync();
        await rm(this.#root, { recursive: true });
    }

    /** Puts the firewall in place. */
    async guard(): Promise<void> {
        await this.#machine.succeed("nft", "-f", this.path(this.#file("firewall.nft")?.path ?? ""));
    }

    async #begin(): Promise<void> {
        await this.guard();
        const statics = this.#file("traefik.yml");
        if (statics === undefined) return;
        const pid = Promise.withResolvers<number>();
        const script = 'echo "pid $$" && exec "$@"';
        const args = ["-c", script, "sh", this.#traefik, `--configFile=${this.path(statics.path)}`];
        this.#process = this.#machine.start("sh", args, {
            env: { PATH: process.env.PATH },
            onLine: (line) => {
                if (line.startsWith("pid ")) pid.resolve(Number(line.slice(4)));
                else this.#log.push(line);
            },
        });
        this.#pid = await pid.promise;
    }

    #file(name: string): HostFile | undefined {
        return this.#host?.files.find(({ path }) => path.endsWith(`/${name}`));
    }
}

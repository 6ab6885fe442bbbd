import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:net";
import type { TokenSource } from "../../connect/credentials.ts";
import { listenNear } from "../../connect/localPorts.ts";
import { type EdgeProxy, type LocalEdge, proxyToEdge } from "../../edgeProxy.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Kubeconfigs } from "../kubeconfig/kubeconfigs.ts";
import { type ProcessRef, thisProcess } from "../kubeconfig/lock.ts";
import { contextName, type SessionCluster } from "./cluster.ts";
import { ClusterTunnel } from "./clusterTunnel.ts";
import { entriesOf } from "./entriesOf.ts";
import type { TunnelView } from "./state.ts";
import { type Clock, systemClock, watchForSleep } from "./wake.ts";

/** Local ports are taken from here, by the host name, so that a cluster has the same one each time: below NodePorts and what systems give out. */
const FIRST_PORT = 22_000;
const PORTS = 7_000;

export interface SessionOptions {
    readonly executable: string;
    readonly kubeconfigs: Kubeconfigs;
    /** Hears each change of a tunnel. */
    readonly onChange: (now: TunnelView, before: TunnelView | undefined) => void;
    /** Hears for how many milliseconds the machine has slept. */
    readonly onWake?: (sleptMs: number) => void;
    readonly clock?: Clock;
    /** Whom the contexts in kubeconfigs belong to: this process. */
    readonly owner?: ProcessRef;
}

/** The tunnels of several clusters, each with a local port and a context in a kubeconfig for as long as it is open. */
export class KubeSession implements AsyncDisposable {
    readonly #options: SessionOptions;
    readonly #clock: Clock;
    readonly #owner: ProcessRef;
    readonly #tunnels = new Map<string, ClusterTunnel>();
    readonly #ways = new Map<string, Promise<EdgeProxy>>();
    readonly #sleep: Disposable;

    constructor(options: SessionOptions) {
        this.#options = options;
        this.#clock = options.clock ?? systemClock;
        this.#owner = options.owner ?? thisProcess();
        this.#sleep = watchForSleep(this.#clock, (sleptMs) => {
            options.onWake?.(sleptMs);
            for (const tunnel of this.#tunnels.values()) {
                tunnel.woke();
            }
        });
    }

    get views(): TunnelView[] {
        return [...this.#tunnels.values()].map(({ view }) => view);
    }

    /**
     * Opens clusters, all or none, and makes the last one the current context of the kubeconfig.
     *
     * @throws CommandError when a port cannot be had or the kubeconfig cannot be changed
     */
    async open(clusters: readonly SessionCluster[], kubeconfig: string, token: TokenSource): Promise<void> {
        await using taken = new AsyncDisposableStack();
        const servers = new Map<SessionCluster, Server>();
        for (const cluster of clusters) {
            const server = await takePort(cluster);
            taken.defer(() => closed(server));
            servers.set(cluster, server);
        }
        const ways = await Promise.all(clusters.map(({ edge }) => this.#wayTo(edge)));
        const entries = clusters.map((cluster) => entriesOf(cluster, portOf(servers.get(cluster))));
        await this.#options.kubeconfigs.add(kubeconfig, entries, this.#owner);
        taken.move();
        for (const [index, [cluster, server]] of [...servers].entries()) {
            const env = ways[index] ?? {};
            const { executable, onChange } = this.#options;
            const tunnel = new ClusterTunnel({ cluster, server, executable, token, env, clock: this.#clock, onChange });
            this.#tunnels.set(cluster.name, tunnel);
            onChange(tunnel.view, undefined);
        }
    }

    /** Has a person asked to log in to a cluster that is open, where that is needed. */
    askAgain(name: string): void {
        this.#tunnels.get(name)?.askAgain();
    }

    /** Closes clusters of those names, and takes their contexts back first: nobody is led to a port that is closed. */
    async close(names: readonly string[]): Promise<void> {
        const contexts = new Set(names.map(contextName));
        const { pid } = this.#owner;
        await this.#options.kubeconfigs.withdraw(({ name, owner }) => owner.pid === pid && contexts.has(name));
        const closing = names.flatMap((name) => this.#tunnels.get(name) ?? []);
        for (const name of names) {
            this.#tunnels.delete(name);
        }
        await Promise.all(closing.map((tunnel) => tunnel[Symbol.asyncDispose]()));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await using rest = new AsyncDisposableStack();
        for (const way of this.#ways.values()) {
            rest.use(await way);
        }
        for (const tunnel of this.#tunnels.values()) {
            rest.use(tunnel);
        }
        rest.use(this.#sleep);
        await this.close([...this.#tunnels.keys()]);
    }

    /** What cloudflared needs in its environment to reach an emulated edge: one way for all clusters there. */
    async #wayTo(edge: LocalEdge | undefined): Promise<Readonly<Record<string, string>>> {
        if (edge === undefined) {
            return {};
        }
        const way = this.#ways.get(edge.address) ?? proxyToEdge(edge);
        this.#ways.set(edge.address, way);
        return (await way).env;
    }
}

async function takePort({ name, hostname, port }: SessionCluster): Promise<Server> {
    const digest = createHash("sha256").update(hostname).digest();
    const server = await listenNear({ exact: port, usual: FIRST_PORT + (digest.readUInt32BE() % PORTS) });
    if (server === undefined) {
        const where = port === undefined ? "no local port is free" : `port ${port} of 127.0.0.1 cannot be had`;
        throw new CommandError(Exit.usage, `${name}: ${where}`, `choose another one: --local ${name}=PORT`);
    }
    return server;
}

function portOf(server: Server | undefined): number {
    const address = server?.address();
    return typeof address === "object" && address !== null ? address.port : 0;
}

async function closed(server: Server): Promise<void> {
    server.close();
    await once(server, "close");
}

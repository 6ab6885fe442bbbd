import { stderrProgress } from "../../../cli/ui/progress.ts";
import type { CatalogueCluster } from "../../../components/kubernetes/catalogue.ts";
import { clusterBehindAccess, EDGE_INSIDE } from "../../../test/e2e/support/kubernetes/clusterBehindAccess.ts";
import type { KubeApiServer } from "../../../test/e2e/support/kubernetes/kubeApiServer.ts";
import { ProtectedAccount } from "../../../test/e2e/support/protectedAccount.ts";
import { ensureTool } from "../../../toolchain/index.ts";

/** One real API server, and so many tunnels to it, each with an Access application that a service token opens. */
export class Guarded implements AsyncDisposable {
    readonly account: ProtectedAccount;
    readonly cluster: KubeApiServer;
    readonly entries: readonly CatalogueCluster[];
    readonly token: { readonly client_id: string; readonly client_secret: string };
    readonly #parts: AsyncDisposableStack;

    static async start(count: number): Promise<Guarded> {
        const { path: cloudflared } = await ensureTool("cloudflared", { progress: stderrProgress() });
        await using parts = new AsyncDisposableStack();
        const account = parts.use(await ProtectedAccount.start("example.com"));
        const token = await account.create("access/service_tokens", { name: "ci" });
        const include = [{ service_token: { token_id: token.id } }];
        const policies = [{ name: "robots", decision: "non_identity", include }];
        const named = (index: number) => ({ name: `cluster-${index}`, hostname: `cluster-${index}.example.com` });
        const address = "10.22.0.1";
        const first = parts.use(await clusterBehindAccess(cloudflared, account, { ...named(0), address, policies }));
        const inside = await first.cluster.network.executable(cloudflared);
        const service = first.cluster.server.replace("https:", "tcp:");
        const entries = [first.entry];
        for (let index = 1; index < count; index++) {
            const { name, hostname } = named(index);
            const tunnel = await account.tunnel(name);
            const exposure = { hostname, service, policies, originRequest: { proxyType: "socks" } };
            const { tags } = await tunnel.expose(inside, [exposure], { edge: EDGE_INSIDE });
            entries.push({ ...first.entry, name, hostname, aud: tags[0] ?? "" });
        }
        return new Guarded(parts.move(), account, first.cluster, entries, token);
    }

    private constructor(
        parts: AsyncDisposableStack,
        account: ProtectedAccount,
        cluster: KubeApiServer,
        entries: readonly CatalogueCluster[],
        token: Guarded["token"],
    ) {
        this.#parts = parts;
        this.account = account;
        this.cluster = cluster;
        this.entries = entries;
        this.token = token;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ensureTool, silentProgress, type ToolName } from "../../../../toolchain/index.ts";
import { type Certified, ClusterAuthority, newSigningKeyPem } from "./authority.ts";
import { nodeAndPod } from "./objects.ts";
import { SecludedNetwork, type WayOut } from "./secludedNetwork.ts";

/** Ports inside; each cluster has a network of its own. */
const [API_PORT, ETCD_PORT, ETCD_PEER_PORT, KUBELET_PORT] = [6443, 2379, 2380, 10_250];
const READY_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 200;

/** Kubernetes' own group of those who may do everything. */
const ADMINISTRATORS = "system:masters";

/** What distinguishes one cluster from another. */
export interface ClusterOptions {
    readonly name: string;
    /** Address of the API server in the cluster's network. */
    readonly address: string;
    readonly waysOut?: readonly WayOut[];
    /** Further arguments of the API server. */
    readonly apiServerArgs?: readonly string[];
}

/**
 * A real cluster without containers: etcd and kube-apiserver, which authorises by RBAC, in a network that nothing leads into; and a stand-in for a
 * kubelet, so that `kubectl logs`, `exec` and `port-forward` have a pod (`web` in `default`) to ask for.
 */
export class KubeApiServer implements AsyncDisposable {
    readonly name: string;
    /** `https://10.20.0.1:6443`: as it is reached from inside. */
    readonly server: string;
    readonly network: SecludedNetwork;
    readonly authority: ClusterAuthority;
    /** Path of kubectl. */
    readonly kubectl: string;
    readonly #adminConfig: string;
    readonly #parts: AsyncDisposableStack;

    static async start({ name, address, waysOut, apiServerArgs = [] }: ClusterOptions): Promise<KubeApiServer> {
        const [etcd, apiServer, kubelet, kubectl] = await tools("etcd", "kube-apiserver", "fake-kubelet", "kubectl");
        await using parts = new AsyncDisposableStack();
        const network = parts.use(await SecludedNetwork.start(address, waysOut));
        const authority = await ClusterAuthority.make(name);
        const file = async (of: string, content: string) => {
            const path = join(network.folder, of);
            await writeFile(path, content, { mode: 0o600 });
            return path;
        };
        const pair = async (of: string, { certPem, keyPem }: Certified): Promise<[string, string]> => [
            await file(`${of}.pem`, certPem),
            await file(`${of}-key.pem`, keyPem),
        ];
        const ca = await file("ca.pem", authority.certPem);
        const accounts = await file("service-accounts-key.pem", await newSigningKeyPem());
        const [serverCert, serverKey] = await pair("server", await authority.issue({ names: [address, "kubernetes"] }));
        const [kubeletCert, kubeletKey] = await pair("kubelet", await authority.issue({ names: [address] }));
        const [askerCert, askerKey] = await pair("asker", await authority.issue({ user: "kube-apiserver" }));

        const database = network.start(etcd, [
            ...["--data-dir", join(network.folder, "etcd"), "--unsafe-no-fsync", "--log-level", "error"],
            ...["--listen-client-urls", `http://127.0.0.1:${ETCD_PORT}`],
            ...["--advertise-client-urls", `http://127.0.0.1:${ETCD_PORT}`],
            ...["--listen-peer-urls", `http://127.0.0.1:${ETCD_PEER_PORT}`],
        ]);
        network.start(kubelet, [
            ...["-address", `${address}:${KUBELET_PORT}`, "-client-ca-file", ca],
            ...["-tls-cert-file", kubeletCert, "-tls-private-key-file", kubeletKey],
        ]);
        const server = `https://${address}:${API_PORT}`;
        const api = network.start(apiServer, [
            ...[
                `--etcd-servers=http://127.0.0.1:${ETCD_PORT}`,
                `--bind-address=${address}`,
                `--secure-port=${API_PORT}`,
            ],
            ...[`--tls-cert-file=${serverCert}`, `--tls-private-key-file=${serverKey}`, `--client-ca-file=${ca}`],
            ...["--authorization-mode=RBAC", "--anonymous-auth=false", "--service-cluster-ip-range=10.96.0.0/24"],
            ...["--service-account-issuer=https://kubernetes.default.svc", `--service-account-key-file=${accounts}`],
            ...[`--service-account-signing-key-file=${accounts}`, `--kubelet-certificate-authority=${ca}`],
            ...[`--kubelet-client-certificate=${askerCert}`, `--kubelet-client-key=${askerKey}`],
            // No controller makes the service account that this plugin would give every pod.
            ...["--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"],
            ...[`--advertise-address=${address}`, ...apiServerArgs],
        ]);
        const admin = await authority.issue({ user: "admin", groups: [ADMINISTRATORS] });
        const adminConfig = await file("admin.yaml", kubeconfigOf(name, server, authority.certPem, admin));
        const cluster = new KubeApiServer({ name, server, network, authority, kubectl, adminConfig }, parts.move());
        try {
            await Promise.race([cluster.#untilReady(), database.ended, api.ended]);
            const objects = nodeAndPod(address, KUBELET_PORT);
            await cluster.apply(objects);
            await cluster.apply(objects, "--subresource=status");
            return cluster;
        } catch (error) {
            await cluster[Symbol.asyncDispose]();
            throw error;
        }
    }

    private constructor(
        made: Pick<KubeApiServer, "name" | "server" | "network" | "authority" | "kubectl"> & { adminConfig: string },
        parts: AsyncDisposableStack,
    ) {
        this.name = made.name;
        this.server = made.server;
        this.network = made.network;
        this.authority = made.authority;
        this.kubectl = made.kubectl;
        this.#adminConfig = made.adminConfig;
        this.#parts = parts;
    }

    /** A kubeconfig for somebody whom the cluster knows by a client certificate. */
    async kubeconfig(user: string, groups: readonly string[] = []): Promise<string> {
        const certified = await this.authority.issue({ user, groups });
        return kubeconfigOf(this.name, this.server, this.authority.certPem, certified);
    }

    /** Runs kubectl beside the API server, as an administrator; its exit code is part of the result. */
    asAdmin(args: readonly string[], options: { input?: string } = {}) {
        return this.network.run(this.kubectl, [`--kubeconfig=${this.#adminConfig}`, ...args], options);
    }

    /** Makes objects, or makes them what is given. */
    async apply(objects: readonly object[], ...args: readonly string[]): Promise<void> {
        const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
        const { exitCode, all } = await this.asAdmin(["apply", "--server-side", ...args, "-f", "-"], { input });
        if (exitCode !== 0) throw new Error(all);
    }

    /** A bench waits here too, outside vitest. */
    async #untilReady(): Promise<void> {
        const deadline = performance.now() + READY_WITHIN_MS;
        for (;;) {
            const { exitCode, all } = await this.asAdmin(["get", "--raw", "/readyz"]);
            if (exitCode === 0) return;
            if (performance.now() > deadline) throw new Error(all);
            await delay(ASK_EVERY_MS);
        }
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

/** One cluster, one user, one context, all of the same name. */
function kubeconfigOf(name: string, server: string, caPem: string, { certPem, keyPem }: Certified): string {
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name, cluster: { server, "certificate-authority-data": base64(caPem) } }],
        users: [{ name, user: { "client-certificate-data": base64(certPem), "client-key-data": base64(keyPem) } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        "current-context": name,
    });
}

/** Paths of programs, one after the other: two that are missing would compile the same modules twice. */
async function tools<Names extends ToolName[]>(...names: Names): Promise<{ [Index in keyof Names]: string }> {
    const paths: string[] = [];
    for (const name of names) paths.push((await ensureTool(name, { progress: silentProgress })).path);
    return paths as { [Index in keyof Names]: string };
}

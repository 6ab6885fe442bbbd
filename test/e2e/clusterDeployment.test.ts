import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { accountId, zoneId } from "../emulator/support.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";
import { type ClusterBehindAccess, clusterBehindAccess } from "./support/kubernetes/clusterBehindAccess.ts";
import { actAsControllers } from "./support/kubernetes/controllers.ts";
import { Laptop } from "./support/laptop.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

const KINDS = "deployments,secrets,configmaps,networkpolicies,poddisruptionbudgets";

const started = new AsyncDisposableStack();
let cluster: ClusterBehindAccess["cluster"];
let under: EngineStack;

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    const account = started.use(await ProtectedAccount.start("example.com"));
    const { id, client_id, client_secret } = await account.create("access/service_tokens", { name: "pulumi" });
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: id } }] };
    const guarded = { name: "bootstrap", address: "10.20.0.1", hostname: "bootstrap.example.com", policies: [robots] };
    const behindAccess = started.use(await clusterBehindAccess(cloudflared, account, guarded));
    cluster = behindAccess.cluster;
    started.use(actAsControllers(cluster));
    const laptop = started.use(await Laptop.start(cloudflared, account));
    const local = await laptop.forward(guarded.hostname, { id: client_id, secret: client_secret });
    started.use(local);
    const config = JSON.parse(await cluster.kubeconfig("pulumi", ["system:masters"]));
    config.clusters[0].cluster["proxy-url"] = `socks5://127.0.0.1:${local.port}`;
    under = started.use(
        await openEngineStack(join(import.meta.dirname, "programs/cluster"), {
            CLOUDFLARE_BASE_URL: account.emulator.apiBaseUrl,
            CLOUDFLARE_API_TOKEN: account.emulator.apiToken,
            CLUSTER_ACCOUNT: accountId,
            CLUSTER_ZONE: zoneId,
            CLUSTER_SERVER: cluster.server,
            CLUSTER_CA: cluster.authority.certPem,
            CLUSTER_KUBECONFIG: JSON.stringify(config),
        }),
    );
});

afterAll(() => started.disposeAsync());

/** Names of what is in a namespace: `deployment.apps/cloudflared`. */
async function namesIn(namespace: string): Promise<string[]> {
    const { stdout } = await cluster.asAdmin(["get", KINDS, "--namespace", namespace, "-o", "name"]);
    return stdout.split("\n").filter((name) => name !== "" && !name.endsWith("kube-root-ca.crt"));
}

/** A refresh that finds nothing leaves the state alone, so the preview before it holds for the one after it. */
async function settled(): Promise<void> {
    await under.stack.preview({ expectNoChanges: true });
    await under.stack.refresh({ expectNoChanges: true });
}

describe("a cluster's connectors, deployed through a tunnel by the real engine", () => {
    it("come up as the API server takes them, and neither a preview nor a refresh finds a difference", async () => {
        await under.stack.up();
        expect(await namesIn("sallyport")).toEqual([
            "deployment.apps/cloudflared",
            expect.stringMatching(/^secret\/cloudflared-credentials-[0-9a-f]{10}$/),
            expect.stringMatching(/^configmap\/cloudflared-settings-[0-9a-f]{10}$/),
            "networkpolicy.networking.k8s.io/cloudflared",
            "poddisruptionbudget.policy/cloudflared",
        ]);
        await settled();
    });

    it("keep their credentials out of the state and out of every other object", async () => {
        const [name = ""] = (await namesIn("sallyport")).filter((one) => one.startsWith("secret/"));
        const { stdout } = await cluster.asAdmin(["get", name, "-n", "sallyport", "-o", "json"]);
        const file = JSON.parse(stdout).data["credentials.json"] as string;
        const { TunnelSecret } = JSON.parse(Buffer.from(file, "base64").toString());
        for (const hidden of [file, TunnelSecret]) expect(under.state()).not.toContain(hidden);
        const others = await cluster.asAdmin(["get", KINDS.replace("secrets,", ""), "-A", "-o", "json"]);
        for (const hidden of [file, TunnelSecret]) expect(others.stdout).not.toContain(hidden);
    });

    it("are made anew where somebody deleted them, and tell what somebody changed", async () => {
        await cluster.asAdmin(["delete", "poddisruptionbudget", "cloudflared", "-n", "sallyport"]);
        await cluster.asAdmin([
            "label",
            "deployment",
            "cloudflared",
            "-n",
            "sallyport",
            "app.kubernetes.io/name=x",
            "--overwrite",
        ]);
        const { summary } = await under.stack.refresh();
        expect(summary.resourceChanges).toMatchObject({ delete: 1, update: 1 });
        // What a person took over is given back first: nothing is overwritten in secret.
        await cluster.asAdmin([
            "label",
            "deployment",
            "cloudflared",
            "-n",
            "sallyport",
            "app.kubernetes.io/name=cloudflared",
            "--overwrite",
        ]);
        await under.stack.up();
        expect(await namesIn("sallyport")).toContain("poddisruptionbudget.policy/cloudflared");
    });

    it("move over to new credentials, and the old ones go", async () => {
        const before = await namesIn("sallyport");
        under.set({ CHANGED: "1" });
        await under.stack.up();
        const after = await namesIn("sallyport");
        expect(after).toHaveLength(before.length);
        const secretsOf = (names: string[]) => names.filter((name) => name.startsWith("secret/"));
        expect(secretsOf(after)).not.toEqual(secretsOf(before));
        const mounted = "jsonpath={.spec.replicas} secret/{.spec.template.spec.volumes[0].secret.secretName}";
        const { stdout } = await cluster.asAdmin([
            "get",
            "deployment",
            "cloudflared",
            "-n",
            "sallyport",
            "-o",
            mounted,
        ]);
        expect(stdout).toBe(`3 ${secretsOf(after)[0]}`);
        await settled();
    });

    it("leave nothing", async () => {
        await under.stack.destroy();
        const { stdout } = await cluster.asAdmin([
            "get",
            `namespaces,clusterrolebindings,rolebindings,${KINDS}`,
            "-A",
            "-o",
            "name",
        ]);
        expect(stdout.split("\n").filter((name) => /sallyport|cloudflared/.test(name))).toEqual([]);
    });
});

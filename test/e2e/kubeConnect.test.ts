import { once } from "node:events";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CatalogueCluster } from "../../components/kubernetes/catalogue.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import {
    type ClusterBehindAccess,
    clusterBehindAccess,
    EDGE_INSIDE,
} from "./support/kubernetes/clusterBehindAccess.ts";
import { KubeLaptop } from "./support/kubernetes/kubeLaptop.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

const started = new AsyncDisposableStack();
let account: ProtectedAccount;
let east: ClusterBehindAccess;
let west: CatalogueCluster;
let token: { id: string; client_id: string; client_secret: string };
/** What a person has before: YAML with comments, in an order of its own. */
let own: string;

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    account = started.use(await ProtectedAccount.start("example.com"));
    token = await account.create("access/service_tokens", { name: "ci" });
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: token.id } }] };
    const place = { name: "east", address: "10.21.0.1", hostname: "east.example.com", policies: [robots] };
    east = started.use(await clusterBehindAccess(cloudflared, account, place));
    // A second way to the same API server: two clusters for a laptop, one machine's work.
    const inside = await east.cluster.network.executable(cloudflared);
    const service = east.cluster.server.replace("https:", "tcp:");
    const exposure = {
        hostname: "west.example.com",
        service,
        policies: [robots],
        originRequest: { proxyType: "socks" },
    };
    const { tags } = await (await account.tunnel("west")).expose(inside, [exposure], { edge: EDGE_INSIDE });
    west = { ...east.entry, name: "west", hostname: "west.example.com", aud: tags[0] ?? "" };
    const { clusters, users, contexts } = JSON.parse(await east.cluster.kubeconfig("ann", ["system:masters"]));
    own = [
        "# my clusters, by hand",
        "current-context: elsewhere   # never production",
        `users: ${JSON.stringify(users)}`,
        "contexts:",
        `  - ${JSON.stringify(contexts[0])}`,
        "  # a cluster that I may not break",
        "  - {name: elsewhere, context: {cluster: nowhere, user: nobody}}",
        `clusters: ${JSON.stringify(clusters)}`,
    ].join("\n");
});

afterAll(() => started.disposeAsync());

const clusters = () => [east.entry, west];

const laptop = () =>
    KubeLaptop.start({ account, clusters: clusters(), kubeconfig: own, token, kubectl: east.cluster.kubectl });

describe("sallyport kube connect", () => {
    it("leads kubectl through the tunnel as the user whom its owner has there, and gives the kubeconfig back", async () => {
        await using here = await laptop();
        await using connected = await here.connect("east");
        expect(connected.document.clusters).toMatchObject([{ name: "east", context: "sallyport-east", state: "up" }]);
        const namespaces = await here.kubectl(["get", "namespaces", "-o", "name"]);
        expect(namespaces).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("namespace/kube-system") });
        const merged = JSON.parse(String((await here.kubectl(["config", "view", "-o", "json"])).stdout));
        expect(merged["current-context"]).toBe("sallyport-east");
        const seen = merged.clusters.find(({ name }: { name: string }) => name === "sallyport-east");
        expect(seen.cluster["proxy-url"]).toBe(`socks5://127.0.0.1:${connected.document.clusters[0]?.port}`);
        expect(await connected.end("SIGINT")).toBe(0);
        expect(await here.kubeconfig()).toBe(own);
    });

    it("carries logs that follow, and what kubectl executes there", async () => {
        await using here = await laptop();
        await using _ = await here.connect("east");
        const following = here.kubectl(["logs", "-f", "web"]);
        const [line] = await once(following.stdout, "data");
        expect(String(line)).toMatch(/\S/);
        const executed = await here.kubectl(["exec", "web", "--", "echo", "from inside"]);
        expect(executed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("from inside") });
        following.kill();
        await following;
    });

    it("goes on in the background: status, use, and disconnect one by one", async () => {
        await using here = await laptop();
        const detached = await here.kube(...here.connecting("east", "west", "--detach"));
        expect(detached).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("sallyport-west") });
        const status = async () => JSON.parse(String((await here.kube("status", "--json")).stdout)).clusters;
        expect(await status()).toMatchObject([
            { name: "east", state: "up", current: false, background: true },
            { name: "west", state: "up", current: true, background: true },
        ]);
        expect(await here.kube("use", "east")).toMatchObject({ exitCode: 0, stdout: "sallyport-east" });
        expect(await here.kubectl(["config", "current-context"])).toMatchObject({ stdout: "sallyport-east" });
        const again = await here.kube(...here.connecting("west", "--detach"));
        expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("west: connected already") });
        expect(await here.kube("disconnect", "west")).toMatchObject({ exitCode: 0 });
        expect(await status()).toMatchObject([{ name: "east", current: true }]);
        expect((await here.kubectl(["get", "namespaces"])).exitCode).toBe(0);
        expect(await here.kube("disconnect", "west")).toMatchObject({
            exitCode: 2,
            stderr: expect.stringContaining("west: not connected"),
        });
        expect(await here.kube("disconnect")).toMatchObject({ exitCode: 0 });
        expect(await here.kubeconfig()).toBe(own);
        expect(await status()).toEqual([]);
    });

    it("is repaired by the next command after it was killed, and leaves no process", async () => {
        await using here = await laptop();
        await using connected = await here.connect("east");
        expect(await here.kubeconfig()).toContain("sallyport-east");
        await connected.end("SIGKILL");
        expect(await here.kube("status", "--json")).toMatchObject({ exitCode: 0 });
        expect(await here.kubeconfig()).toBe(own);
        await vi.waitFor(async () => {
            const { stdout } = await execa("ps", ["-eo", "args"]);
            expect(stdout).not.toMatch(/cloudflared access tcp --hostname east\.example\.com/);
        }, 10_000);
    });

    it("keeps what kubectl itself has written meanwhile, and takes out nothing but its own", async () => {
        await using here = await laptop();
        await using connected = await here.connect("east");
        await here.kubectl(["config", "set-context", "mine", "--cluster=east", "--user=east", "--namespace=shop"]);
        await here.kubectl(["config", "use-context", "mine"]);
        await connected.end("SIGTERM");
        const left = JSON.parse(String((await here.kubectl(["config", "view", "-o", "json"])).stdout));
        expect(left["current-context"]).toBe("mine");
        expect(left.contexts.map(({ name }: { name: string }) => name)).toEqual(["east", "elsewhere", "mine"]);
        expect(await here.kubeconfig()).not.toContain("sallyport");
    });

    it("leaves the kubeconfig alone where it is asked to, and says how to read one beside it", async () => {
        await using here = await laptop();
        const detached = await here.kube(...here.connecting("east", "--detach", "--own-kubeconfig"));
        const [, path = ""] = /^export KUBECONFIG=(.+)$/m.exec(String(detached.stderr)) ?? [];
        expect(await here.kubeconfig()).toBe(own);
        const env = { ...here.env, KUBECONFIG: path };
        expect((await here.kubectl(["get", "namespaces"], { env })).exitCode).toBe(0);
    });

    it("ends with exit code 1 where Access refuses, and leaves the kubeconfig as it was", async () => {
        const { client_id } = token;
        const options = { account, clusters: clusters(), kubeconfig: own, kubectl: east.cluster.kubectl };
        await using here = await KubeLaptop.start({ ...options, token: { client_id, client_secret: "0".repeat(64) } });
        const refused = await here.kube(...here.connecting("east"));
        expect(refused).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("Access refuses") });
        expect(await here.kubeconfig()).toBe(own);
    });
});

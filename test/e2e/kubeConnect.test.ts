import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { type ClusterBehindAccess, clusterBehindAccess } from "./support/kubernetes/clusterBehindAccess.ts";
import { KubeLaptop } from "./support/kubernetes/kubeLaptop.ts";
import { POD } from "./support/kubernetes/objects.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

/** How long streams are held, in seconds: `SALLYPORT_HOLD_SECONDS=600` holds them for ten minutes. */
const HOLD_SECONDS = Number(process.env.SALLYPORT_HOLD_SECONDS ?? 2);
/** The stand-in for a kubelet writes a line each 100 ms. */
const LINES_A_SECOND = 10;

const started = new AsyncDisposableStack();
let account: ProtectedAccount;
let east: ClusterBehindAccess;
let west: ClusterBehindAccess;
let token: { id: string; client_id: string; client_secret: string };
/** What a person has before: YAML with comments, in an order of its own. */
let own: string;

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    account = started.use(await ProtectedAccount.start("example.com"));
    token = await account.create("access/service_tokens", { name: "ci" });
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: token.id } }] };
    const policies = [robots];
    [east, west] = await Promise.all([
        clusterBehindAccess(cloudflared, account, {
            ...{ name: "east", address: "10.21.0.1", hostname: "east.example.com", policies },
        }),
        clusterBehindAccess(cloudflared, account, {
            ...{ name: "west", address: "10.21.0.2", hostname: "west.example.com", policies },
        }),
    ]);
    started.use(east);
    started.use(west);
    const mine = await Promise.all(
        [east, west].map(async ({ cluster }) => JSON.parse(await cluster.kubeconfig("ann", ["system:masters"]))),
    );
    const [clusters, users, contexts] = ["clusters", "users", "contexts"].map((list) =>
        mine.flatMap((each) => each[list]),
    );
    own = [
        "# my clusters, by hand",
        "current-context: elsewhere   # never production",
        `users: ${JSON.stringify(users)}`,
        "contexts:",
        ...(contexts ?? []).map((context) => `  - ${JSON.stringify(context)}`),
        "  # a cluster that I may not break",
        "  - {name: elsewhere, context: {cluster: nowhere, user: nobody}}",
        `clusters: ${JSON.stringify(clusters)}`,
    ].join("\n");
});

afterAll(() => started.disposeAsync());

const entries = () => [east.entry, west.entry];

const laptop = () =>
    KubeLaptop.start({ account, clusters: entries(), kubeconfig: own, token, kubectl: east.cluster.kubectl });

/** What a program writes from now on, line by line. */
function linesOf({ stdout }: { stdout: NodeJS.ReadableStream }): AsyncIterator<string> {
    return createInterface({ input: stdout })[Symbol.asyncIterator]();
}

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

    it("leads to several clusters at the same time, each as itself", async () => {
        await using here = await laptop();
        await using _ = await here.connect("east", "west");
        await west.cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "only-in-the-west" } }]);
        const listed = ["east", "west"].map((name) => {
            return here.kubectl(["get", "namespaces", "-o", "name", "--context", `sallyport-${name}`]);
        });
        const [ofEast, ofWest] = await Promise.all(listed);
        expect(ofEast).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining("only-in-the-west") });
        expect(ofWest).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("namespace/only-in-the-west") });
    });

    it(
        "holds what follows, watches, executes and forwards in all of them at once, without losing a line",
        async () => {
            await using here = await laptop();
            await using _ = await here.connect("east", "west");
            const contexts = ["sallyport-east", "sallyport-west"];
            const executed = await here.kubectl(["exec", POD.name, "--", "echo", "from inside"]);
            expect(executed).toMatchObject({ exitCode: 0, stdout: "from inside" });
            const forwarding = here.kubectl(["port-forward", POD.name, ":80"]);
            const said = await linesOf(forwarding).next();
            const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(said.value) ?? [];
            const forwarded = connect(Number(port), "127.0.0.1");
            const seen = "jsonpath={.metadata.labels.seen}{'\\n'}";
            const streams = contexts.map((context) => ({
                logs: here.kubectl(["logs", "--follow", POD.name, "--context", context]),
                watch: here.kubectl(["get", "pod", POD.name, "--watch", "-o", seen, "--context", context]),
            }));
            await Promise.all(
                streams.map(async ({ logs, watch }, index) => {
                    const [logged, watched] = [linesOf(logs), linesOf(watch)];
                    await watched.next();
                    for (let line = 1; line <= HOLD_SECONDS * LINES_A_SECOND; line++) {
                        expect((await logged.next()).value).toBe(`line ${line}`);
                    }
                    const { cluster } = index === 0 ? east : west;
                    await cluster.asAdmin(["label", "pod", POD.name, `seen=late-${index}`, "--overwrite"]);
                    expect((await watched.next()).value).toBe(`late-${index}`);
                }),
            );
            forwarded.write("one");
            expect(String((await once(forwarded, "data"))[0])).toContain("one");
            forwarded.destroy();
            for (const stream of [forwarding, ...streams.flatMap(({ logs, watch }) => [logs, watch])]) {
                stream.kill("SIGTERM");
                await stream;
            }
        },
        (HOLD_SECONDS + 60) * 1000,
    );

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
        expect(left.contexts.map(({ name }: { name: string }) => name)).toEqual(["east", "elsewhere", "mine", "west"]);
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
        const options = { account, clusters: entries(), kubeconfig: own, kubectl: east.cluster.kubectl };
        await using here = await KubeLaptop.start({ ...options, token: { client_id, client_secret: "0".repeat(64) } });
        const refused = await here.kube(...here.connecting("east"));
        expect(refused).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("Access refuses") });
        expect(await here.kubeconfig()).toBe(own);
    });
});

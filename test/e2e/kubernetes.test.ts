import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { ClusterAccess } from "../../components/index.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { ACCOUNT, CERTIFICATE, ZONE } from "../components/fixtures.ts";
import { control } from "../private/support/entryUnderTest.ts";
import { deploy, promiseOf } from "../support/mocks.ts";
import { type ClusterBehindAccess, clusterBehindAccess } from "./support/kubernetes/clusterBehindAccess.ts";
import { KubeLaptop } from "./support/kubernetes/kubeLaptop.ts";
import { POD } from "./support/kubernetes/objects.ts";
import { Laptop } from "./support/laptop.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";
import { WebBrowser } from "./support/webBrowser.ts";

/** How long streams are held, in seconds: `SALLYPORT_HOLD_SECONDS=600` holds them for ten minutes. */
const HOLD_SECONDS = Number(process.env.SALLYPORT_HOLD_SECONDS ?? 2);
/** The stand-in for a kubelet writes a line each 100 ms. */
const LINES_A_SECOND = 10;

const ADA = "ada@example.com";

/** Kubernetes' own `view` is put together by a controller, which these clusters do not have. */
const OPERATOR = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "operator" },
    rules: [{ apiGroups: [""], resources: ["namespaces", "pods", "pods/log"], verbs: ["get", "list", "watch"] }],
};

const started = new AsyncDisposableStack();
let account: ProtectedAccount;
let cloudflared: string;
let laptop: Laptop;
let payments: ClusterBehindAccess;
let lab: ClusterBehindAccess;
let token: { id: string; client_id: string; client_secret: string };
/** What the component renders for a cluster whose connectors somebody else applies. */
let rendered: { manifests: object[]; authentication: string };

beforeAll(async () => {
    cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
    const folder = await mkdtemp(join(tmpdir(), "sallyport-kubernetes-"));
    started.defer(() => rm(folder, { recursive: true }));
    rendered = await render();
    const authentication = join(folder, "authentication.yaml");
    await writeFile(authentication, rendered.authentication);

    account = started.use(await ProtectedAccount.start("example.com"));
    const disk = await account.create("devices/posture", { name: "Disk", type: "disk_encryption" });
    await control(account.emulator, "POST", "/devices", { name: "laptop", email: ADA, passed: [disk.id] });
    const include = [{ email: { email: ADA } }];
    const operators = { name: "operators", decision: "allow", include };
    token = await account.create("access/service_tokens", { name: "ci" });
    const robots = { name: "robots", decision: "non_identity", include: [{ service_token: { token_id: token.id } }] };
    const healthy = { ...operators, name: "healthy", require: [{ device_posture: { integration_uid: disk.id } }] };
    [payments, lab] = await Promise.all([
        clusterBehindAccess(cloudflared, account, {
            ...{ name: "payments", address: "10.20.0.1", hostname: "payments.example.com" },
            policies: [healthy, robots],
            apiServerArgs: [`--authentication-config=${authentication}`],
        }),
        clusterBehindAccess(cloudflared, account, {
            ...{ name: "lab", address: "10.20.0.2", hostname: "lab.example.com" },
            policies: [operators, robots],
        }),
    ]);
    started.use(payments);
    started.use(lab);
    for (const { cluster } of [payments, lab]) await cluster.apply([OPERATOR, ...rendered.manifests]);
    laptop = started.use(await Laptop.start(cloudflared, account));
    await logIn(laptop, "lab.example.com", ADA);
});

afterAll(() => started.disposeAsync());

/** The manifests and the API server's authentication that a {@link ClusterAccess} makes of a grant. */
async function render() {
    const { result } = await deploy(
        () =>
            new ClusterAccess("payments", {
                ...{ accountId: ACCOUNT, zoneId: ZONE, team: "team", hostname: "payments.example.com" },
                ...{ server: "https://10.20.0.1:6443", caPem: CERTIFICATE },
                ...{ policyIds: ["policy"], audience: ["operators"], management: "local" },
                connector: { kind: "manifests" },
                grants: [{ groups: ["operators"], clusterRole: "operator" }],
                oidc: { issuer: "https://id.example.com", clientId: "kubernetes" },
            }),
    );
    if (result === undefined) throw new Error("It was not rendered.");
    const documents = parseAllDocuments(await promiseOf(result.manifests));
    return {
        manifests: documents.map((document) => document.toJS()),
        authentication: await promiseOf(result.authenticationConfiguration),
    };
}

/** Logs a laptop in as somebody, with cloudflared and a browser. Gives the page on which the browser ends. */
async function logIn(on: Laptop, hostname: string, email: string) {
    const login = on.access(["login", "--app", `https://${hostname}`]);
    const lines = createInterface({ input: login.stderr ?? process.stdin });
    for await (const line of lines) {
        if (!line.startsWith("https://")) continue;
        const browser = new WebBrowser(account);
        const page = await browser.logIn(line, email);
        if (page.answer.status !== 200) {
            login.kill("SIGKILL");
            await login;
            return page.answer;
        }
        const { answer } = await browser.submit(page, "/cdn-cgi/access/cli");
        await login;
        return answer;
    }
    throw new Error(`cloudflared named no address: ${(await login).stderr}`);
}

/** Opens a way to a cluster, and runs kubectl through it as a member of a group that the cluster knows. */
async function connect({ cluster, entry }: ClusterBehindAccess, group = "oidc:operators") {
    const local = await laptop.forward(entry.hostname);
    const config = JSON.parse(await cluster.kubeconfig("ada", [group]));
    config.clusters[0].cluster["proxy-url"] = `socks5://127.0.0.1:${local.port}`;
    const file = join(laptop.home, `${entry.name}.yaml`);
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return {
        kubectl: (...args: string[]) =>
            execa(cluster.kubectl, [`--kubeconfig=${file}`, ...args], { reject: false, stdin: "ignore" }),
        [Symbol.asyncDispose]: () => local[Symbol.asyncDispose](),
    };
}

/** What a program writes from now on, line by line. */
function linesOf({ stdout }: { stdout: NodeJS.ReadableStream }): AsyncIterator<string> {
    return createInterface({ input: stdout })[Symbol.asyncIterator]();
}

describe("two clusters that nothing leads into", () => {
    it("answer kubectl at the same time, each as itself", async () => {
        await using toPayments = await connect(payments);
        await using toLab = await connect(lab);
        await lab.cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "only-in-the-lab" } }]);
        const [ofPayments, ofLab] = await Promise.all(
            [toPayments, toLab].map(async ({ kubectl }) => (await kubectl("get", "namespaces", "-o", "name")).stdout),
        );
        expect(ofPayments?.split("\n")).toEqual(expect.arrayContaining(["namespace/default", "namespace/sallyport"]));
        expect(ofPayments).not.toContain("only-in-the-lab");
        expect(ofLab).toContain("namespace/only-in-the-lab");
    });

    it("answer through one `sallyport kube connect`, each in its own context", async () => {
        const both = [payments, lab];
        const configs = await Promise.all(
            both.map(async ({ cluster }) => JSON.parse(await cluster.kubeconfig("ada", ["oidc:operators"]))),
        );
        const [clusters, users, contexts] = ["clusters", "users", "contexts"].map((key) =>
            configs.flatMap((config) => config[key]),
        );
        await using toolbox = await KubeLaptop.start({
            ...{ account, token, kubectl: lab.cluster.kubectl, clusters: both.map(({ entry }) => entry) },
            kubeconfig: JSON.stringify({ apiVersion: "v1", kind: "Config", clusters, users, contexts }),
        });
        await using connected = await toolbox.connect("payments", "lab");
        const names = await Promise.all(
            connected.document.clusters.map(async ({ name, context }) => {
                const args = ["--context", context, "get", "namespaces", "-o", "name"];
                const found = (await toolbox.kubectl(args)).stdout.split("\n");
                return [name, ["default", "only-in-the-lab"].filter((one) => found.includes(`namespace/${one}`))];
            }),
        );
        expect(Object.fromEntries(names)).toEqual({ payments: ["default"], lab: ["default", "only-in-the-lab"] });
    });

    it(
        "hold logs that are followed and watches, without losing a line",
        async () => {
            await using toPayments = await connect(payments);
            const logs = toPayments.kubectl("logs", "--follow", POD.name);
            const seen = "jsonpath={.metadata.labels.seen}{'\\n'}";
            const watch = toPayments.kubectl("get", "pod", POD.name, "--watch", "-o", seen);
            const [logged, watched] = [logs, watch].map(linesOf);
            await watched?.next();
            for (let line = 1; line <= HOLD_SECONDS * LINES_A_SECOND; line++) {
                expect((await logged?.next())?.value).toBe(`line ${line}`);
            }
            await payments.cluster.asAdmin(["label", "pod", POD.name, "seen=late", "--overwrite"]);
            expect((await watched?.next())?.value).toBe("late");
            for (const stream of [logs, watch]) {
                stream.kill("SIGTERM");
                await stream;
            }
        },
        (HOLD_SECONDS + 60) * 1000,
    );

    it("keep to what Kubernetes itself grants the person", async () => {
        await using toLab = await connect(lab);
        expect((await toLab.kubectl("auth", "can-i", "get", "pods")).stdout).toBe("yes");
        expect((await toLab.kubectl("get", "secrets")).stderr).toContain("Forbidden");
        await using stranger = await connect(lab, "oidc:others");
        expect((await stranger.kubectl("get", "pods")).stderr).toContain("Forbidden");
    });

    it("take the rendered connectors and grants as they are", async () => {
        const kinds = rendered.manifests.map((manifest) => (manifest as { kind: string }).kind);
        expect(kinds).toEqual([
            ...["Namespace", "NetworkPolicy", "ConfigMap", "Deployment", "PodDisruptionBudget", "ClusterRoleBinding"],
        ]);
        const { stdout } = await payments.cluster.asAdmin([
            ...["get", "deployment,networkpolicy,poddisruptionbudget", "-n", "sallyport", "-o", "name"],
        ]);
        expect(stdout.split("\n")).toHaveLength(3);
    });
});

describe("whom the edge refuses", () => {
    it("is a person outside the audience, before anything reaches the cluster", async () => {
        const letIn = () => account.verdicts("payments.example.com").filter(({ status }) => status === 101).length;
        const before = letIn();
        await using hers = await Laptop.start(cloudflared, account);
        const answer = await logIn(hers, "payments.example.com", "eve@example.org");
        expect(answer.status).toBe(403);
        expect(letIn()).toBe(before);
    });

    it("is a person whose device fails the posture check, from the next connection on and for that cluster alone", async () => {
        await using toPayments = await connect(payments);
        await using toLab = await connect(lab);
        expect(await toPayments.kubectl("get", "pods", "-o", "name")).toMatchObject({ stdout: `pod/${POD.name}` });
        await control(account.emulator, "PATCH", "/devices/laptop", { passed: [] });
        const refused = await toPayments.kubectl("get", "pods", "--request-timeout=2s");
        expect(refused.exitCode).not.toBe(0);
        expect(account.verdicts("payments.example.com").at(-1)).toMatchObject({
            status: 403,
            rule: expect.stringContaining('require device_posture "Disk" did not match'),
        });
        expect(await toLab.kubectl("get", "pods", "-o", "name")).toMatchObject({ stdout: `pod/${POD.name}` });
    });
});

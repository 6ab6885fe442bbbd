import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { TcpClientSidecar } from "../../components/index.ts";
import { ConnectProxy } from "../../emulator/edge/connectProxy.ts";
import type { PropertyMap } from "../../toolchain/fallback/plugin/provider.ts";
import { ensurePrograms, ensureTool, silentProgress } from "../../toolchain/index.ts";
import { Token } from "../components/fixtures.ts";
import { buildTestImage, TEST_IMAGE } from "../docker/support/image.ts";
import { ProviderUnderTest } from "../docker/support/provider.ts";
import { Workbench } from "../docker/support/workbench.ts";
import { deploy } from "../support/mocks.ts";
import { Postgres } from "./support/postgres.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

/** cloudflared with a shell, as somebody would build it for the sidecar; no registry has it. */
const IMAGE = "sallyport.test/access-client:1";
const HOSTNAME = "db.example.com";

/** The image knows a local edge as the Internet: by a proxy, with that edge's authority. */
async function buildClientImage(docker: Docker, cloudflared: string, caPem: string, proxy: string): Promise<void> {
    const { busybox } = await ensurePrograms(
        { package: "busybox-static", programs: ["busybox"] },
        { progress: stderrProgress() },
    );
    const context = pack();
    const dockerfile = [
        "FROM scratch",
        `ENV PATH=/bin SSL_CERT_FILE=/edge-ca.pem HTTPS_PROXY=http://${proxy}`,
        "COPY cloudflared busybox /bin/",
        "COPY edge-ca.pem /",
        'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
        "",
    ].join("\n");
    context.entry({ name: "edge-ca.pem", mode: 0o644 }, caPem);
    context.entry({ name: "Dockerfile" }, dockerfile);
    context.entry({ name: "cloudflared", mode: 0o755 }, readFileSync(cloudflared));
    context.entry({ name: "busybox", mode: 0o755 }, readFileSync(busybox));
    context.finalize();
    const output = await docker.buildImage(Readable.from(context), { t: IMAGE, networkmode: "none" });
    expect(String(await buffer(output))).toContain("Successfully tagged");
}

/** Where the containers of Docker's own bridge find a listener of this machine. */
async function bridgeGateway(docker: Docker): Promise<string> {
    const { IPAM } = (await docker.getNetwork("bridge").inspect()) as Docker.NetworkInspectInfo;
    return IPAM?.Config?.find(({ Gateway }) => Gateway?.includes("."))?.Gateway ?? "";
}

describe("a client container for a program without a person", () => {
    const started = new AsyncDisposableStack();
    let database: Postgres;
    let account: ProtectedAccount;
    let token: { id: string; client_id: string; client_secret: string };

    beforeAll(async () => {
        const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
        database = started.use(await Postgres.start());
        account = started.use(await ProtectedAccount.start("example.com"));
        token = await account.create("access/service_tokens", { name: "app" });
        const robots = {
            name: "robots",
            decision: "non_identity",
            include: [{ service_token: { token_id: token.id } }],
        };
        const service = `tcp://127.0.0.1:${database.port}`;
        await account.expose(cloudflared, [{ hostname: HOSTNAME, service, policies: [robots] }]);

        const bench = started.use(await Workbench.open());
        const gateway = await bridgeGateway(bench.docker);
        const target = `127.0.0.1:${account.port}`;
        const proxy = started.use(
            await ConnectProxy.start({ address: `${gateway}:0`, target, only: `${HOSTNAME}:443` }),
        );
        for (const image of [TEST_IMAGE, IMAGE]) {
            started.defer(() => bench.docker.getImage(image).remove({ force: true }));
        }
        await buildTestImage(bench.docker);
        await buildClientImage(bench.docker, cloudflared, account.edge.caPem, proxy.address);
    });
    afterAll(() => started.disposeAsync());

    const containers = new ProviderUnderTest().resource("Container");
    const programOn = (bench: Workbench) =>
        containers.create("app", { image: TEST_IMAGE, command: ["-port", "8080"], labels: bench.labels });
    /** What the component declares of the client, for the provider. */
    const clientOf = async (bench: Workbench, containerId: string, clientSecret: string) => {
        const { inputsOf } = await deploy(
            () =>
                new TcpClientSidecar("db", {
                    hostname: HOSTNAME,
                    localPort: 5432,
                    containerId,
                    image: IMAGE,
                    clientId: token.client_id,
                    clientSecret,
                }),
        );
        return { ...(inputsOf(Token.Container, "db-client") as PropertyMap), labels: bench.labels };
    };

    it("listens on its program's loopback alone, and shows its token to nobody who inspects it", async () => {
        await using bench = await Workbench.open();
        const program = await programOn(bench);
        const args = await clientOf(bench, program.id, token.client_secret);
        const client = await containers.create("db-client", args);

        const inspected = await bench.docker.getContainer(client.id).inspect();
        expect(inspected.State.Running).toBe(true);
        expect(inspected.HostConfig.NetworkMode).toBe(`container:${program.id}`);
        expect(JSON.stringify(inspected)).not.toContain(token.client_secret);
        const { Pid } = inspected.State;
        // The kernel's own list of who listens: 0100007F is 127.0.0.1, 1538 is 5432.
        const listening = "0100007F:1538 00000000:0000 0A";
        await vi.waitFor(() => expect(readFileSync(`/proc/${Pid}/net/tcp`, "utf8")).toContain(listening), 10_000);
        expect(readFileSync(`/proc/${Pid}/cmdline`, "utf8")).not.toContain(token.client_secret);
        expect(readFileSync(`/proc/${Pid}/environ`, "utf8")).toContain(token.client_secret);

        const refreshed = await containers.read("db-client", client);
        const live = { ...client, outputs: refreshed?.outputs ?? {} };
        expect((await containers.diff("db-client", live, args)).changes).toEqual({});
    });

    it("leads psql to the database, before, during and after the rotation of its token", async () => {
        await using bench = await Workbench.open();
        const program = await programOn(bench);
        const { Pid } = (await bench.docker.getContainer(program.id).inspect()).State;
        const answer = async () => (await database.queryWithin(Pid, 5432, "select 6 * 7")).stdout;
        const first = await containers.create("db-client", await clientOf(bench, program.id, token.client_secret));
        await vi.waitFor(async () => expect(await answer()).toBe("42"), { timeout: 10_000 });

        // What a ServiceToken with a rotation sends: the secret before lives on for the overlap.
        const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
        const rotation = { name: "app", client_secret_version: 2, previous_client_secret_expires_at: inAnHour };
        const rotated = await account.create(`access/service_tokens/${token.id}`, rotation, "PUT");
        expect(rotated.client_secret).not.toBe(token.client_secret);
        expect(await answer()).toBe("42");

        // As the engine replaces it: the new one is made before the old one is removed.
        const renewed = await clientOf(bench, program.id, rotated.client_secret);
        const { changes, deleteBeforeReplace = false } = await containers.diff("db-client", first, renewed);
        expect(Object.values(changes).map(({ replaces }) => replaces)).toContain(true);
        expect(deleteBeforeReplace).toBe(false);
        const second = await containers.create("db-client-2", renewed);
        expect(await answer()).toBe("42");
        await containers.delete("db-client", first);
        await vi.waitFor(async () => expect(await answer()).toBe("42"), { timeout: 5_000 });

        const { State, RestartCount } = await bench.docker.getContainer(second.id).inspect();
        expect({ running: State.Running, restarts: RestartCount }).toEqual({ running: true, restarts: 0 });
        expect(account.verdicts(HOSTNAME).every(({ status }) => status === 101)).toBe(true);
    });
});

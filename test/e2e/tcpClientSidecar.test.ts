import { readFileSync } from "node:fs";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TcpClientSidecar } from "../../components/index.ts";
import { ConnectProxy } from "../../emulator/edge/connectProxy.ts";
import type { PropertyMap } from "../../toolchain/fallback/plugin/provider.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { Token } from "../components/fixtures.ts";
import { buildTestImage, TEST_IMAGE } from "../docker/support/image.ts";
import { type Made, ProviderUnderTest } from "../docker/support/provider.ts";
import { Workbench } from "../docker/support/workbench.ts";
import { deploy } from "../support/mocks.ts";
import { buildAccessClientImage } from "./support/accessClientImage.ts";
import { askUntil } from "./support/load.ts";
import { Postgres } from "./support/postgres.ts";
import { processesShowing } from "./support/processList.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

/** cloudflared with a shell, as somebody would build it for the sidecar; no registry has it. */
const IMAGE = "sallyport.test/access-client:1";
const HOSTNAME = "db.example.com";

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
        // The image knows a local edge as the Internet: by a proxy, with that edge's authority.
        await buildAccessClientImage(bench.docker, {
            image: IMAGE,
            env: { SSL_CERT_FILE: "/edge-ca.pem", HTTPS_PROXY: `http://${proxy.address}` },
            files: { "/edge-ca.pem": account.edge.caPem },
        });
    });
    afterAll(() => started.disposeAsync());

    const provider = new ProviderUnderTest();
    const containers = provider.resource("Container");
    const programOn = (bench: Workbench) =>
        containers.create("app", { image: TEST_IMAGE, command: ["-port", "8080"], labels: bench.labels });
    /** What the component declares, for the provider; the volume is the bench's own. */
    const declared = async (bench: Workbench, containerId: string, clientSecret: string) => {
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
        const volume = await provider
            .resource("Volume")
            .create("db-token", { name: bench.stack, labels: bench.labels });
        const withVolume = (name: string) => {
            const inputs = inputsOf(Token.Container, name) as PropertyMap;
            const volumes = (inputs.volumes as PropertyMap[]).map((mount) => ({ ...mount, volumeName: volume.id }));
            return { ...inputs, volumes, labels: bench.labels };
        };
        return { writer: withVolume("db-token-writer"), client: withVolume("db-client") };
    };
    /** The component as the engine makes it. */
    const clientOn = async (bench: Workbench, program: Made) => {
        const args = await declared(bench, program.id, token.client_secret);
        const writer = await containers.create("db-token-writer", args.writer);
        return { args, writer, client: await containers.create("db-client", args.client) };
    };

    it("listens on its program's loopback alone, and shows its token to nobody who inspects it", async () => {
        await using bench = await Workbench.open();
        const program = await programOn(bench);
        const { args, writer, client } = await clientOn(bench, program);

        const inspected = await bench.docker.getContainer(client.id).inspect();
        expect(inspected.State.Running).toBe(true);
        expect(inspected.HostConfig.NetworkMode).toBe(`container:${program.id}`);
        const inspectedWriter = await bench.docker.getContainer(writer.id).inspect();
        expect(inspectedWriter.State.Status).toBe("created");
        expect(JSON.stringify([inspected, inspectedWriter])).not.toContain(token.client_secret);
        const { Pid } = inspected.State;
        // The kernel's own list of who listens: 0100007F is 127.0.0.1, 1538 is 5432.
        const listening = "0100007F:1538 00000000:0000 0A";
        await vi.waitFor(() => expect(readFileSync(`/proc/${Pid}/net/tcp`, "utf8")).toContain(listening), 10_000);

        await using connection = await database.connectWithin(Pid, 5432);
        expect(await connection.query("select 6 * 7")).toBe("42");
        expect(await processesShowing(token.client_secret, "cmdline")).toEqual([]);
        expect(await processesShowing(token.client_secret, "environ")).not.toEqual([]);

        for (const [name, made] of Object.entries({ writer, client })) {
            const refreshed = await containers.read(name, made);
            const live = { ...made, outputs: refreshed?.outputs ?? {} };
            expect((await containers.diff(name, live, args[name as keyof typeof args])).changes).toEqual({});
        }
    });

    it("drops no connection, old or new, while its token is rotated, and uses the new one from then on", async () => {
        await using bench = await Workbench.open();
        const program = await programOn(bench);
        const { Pid } = (await bench.docker.getContainer(program.id).inspect()).State;
        const { writer, client } = await clientOn(bench, program);
        const answer = async () => (await database.queryWithin(Pid, 5432, "select 6 * 7")).stdout;
        await vi.waitFor(async () => expect(await answer()).toBe("42"), { timeout: 10_000 });
        await using connected = await database.connectWithin(Pid, 5432);
        expect(await connected.query("select 'before'")).toBe("before");

        const rotated = Promise.withResolvers<void>();
        const under = askUntil(rotated.promise, 4, async () => {
            const { exitCode, stdout, stderr } = await database.queryWithin(Pid, 5432, "select 6 * 7");
            return { status: exitCode ?? -1, body: stdout || stderr };
        });
        // What a ServiceToken with a rotation sends: the secret before lives on for the overlap.
        const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
        const rotation = { name: "app", client_secret_version: 2, previous_client_secret_expires_at: inAnHour };
        const renewed = await account.create(`access/service_tokens/${token.id}`, rotation, "PUT");
        expect(renewed.client_secret).not.toBe(token.client_secret);
        const args = await declared(bench, program.id, renewed.client_secret);
        expect((await containers.diff("db-client", client, args.client)).changes).toEqual({});
        // As the engine replaces it: the new one is made before the old one is removed.
        const { changes, deleteBeforeReplace = false } = await containers.diff("db-token-writer", writer, args.writer);
        expect(Object.values(changes).map(({ replaces }) => replaces)).toContain(true);
        expect(deleteBeforeReplace).toBe(false);
        await containers.create("db-token-writer-2", args.writer);
        await containers.delete("db-token-writer", writer);
        rotated.resolve();
        expect([...(await under).keys()]).toEqual(["0 42"]);
        expect(await connected.query("select 'after'")).toBe("after");

        // The end of the overlap: from here on, the secret before opens nothing.
        const over = { ...rotation, previous_client_secret_expires_at: new Date(Date.now() - 1_000).toISOString() };
        await account.create(`access/service_tokens/${token.id}`, over, "PUT");
        expect(await answer()).toBe("42");
        expect(await connected.query("select 'still'")).toBe("still");
        expect(account.verdicts(HOSTNAME).every(({ status }) => status === 101)).toBe(true);
    });
});

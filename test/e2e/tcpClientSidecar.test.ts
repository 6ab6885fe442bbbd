import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { TcpClientSidecar } from "../../components/index.ts";
import type { PropertyMap } from "../../toolchain/fallback/plugin/provider.ts";
import { ensurePrograms, ensureTool, silentProgress } from "../../toolchain/index.ts";
import { Token } from "../components/fixtures.ts";
import { buildTestImage } from "../docker/support/image.ts";
import { ProviderUnderTest } from "../docker/support/provider.ts";
import { Workbench } from "../docker/support/workbench.ts";
import { deploy } from "../support/mocks.ts";

/** cloudflared with a shell, as somebody would build it for the sidecar; no registry has it. */
const IMAGE = "sallyport.test/access-client:1";
const SECRET = "planted-client-secret";

async function buildClientImage(docker: Docker): Promise<void> {
    const cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
    const { busybox } = await ensurePrograms(
        { package: "busybox-static", programs: ["busybox"] },
        { progress: stderrProgress() },
    );
    const context = pack();
    const dockerfile =
        'FROM scratch\nENV PATH=/bin\nCOPY cloudflared busybox /bin/\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n';
    context.entry({ name: "Dockerfile" }, dockerfile);
    context.entry({ name: "cloudflared", mode: 0o755 }, readFileSync(cloudflared));
    context.entry({ name: "busybox", mode: 0o755 }, readFileSync(busybox));
    context.finalize();
    const output = await docker.buildImage(Readable.from(context), { t: IMAGE, networkmode: "none" });
    expect(String(await buffer(output))).toContain("Successfully tagged");
}

describe("a client container for a program without a person", () => {
    let images: string[] = [];
    beforeAll(async () => {
        await using bench = await Workbench.open();
        images = [await buildTestImage(bench.docker), IMAGE];
        await buildClientImage(bench.docker);
    });
    afterAll(async () => {
        await using bench = await Workbench.open();
        for (const image of images) await bench.docker.getImage(image).remove({ force: true });
    });

    it("listens on its program's loopback alone, and shows its token to nobody who inspects it", async () => {
        await using bench = await Workbench.open();
        const containers = new ProviderUnderTest().resource("Container");
        const program = await containers.create("app", {
            image: images[0] ?? "",
            command: ["-port", "8080"],
            labels: bench.labels,
        });
        const { inputsOf } = await deploy(
            () =>
                new TcpClientSidecar("db", {
                    hostname: "db.example.com",
                    localPort: 5432,
                    containerId: program.id,
                    image: IMAGE,
                    clientId: "c.access",
                    clientSecret: SECRET,
                }),
        );
        const args = { ...(inputsOf(Token.Container, "db-client") as PropertyMap), labels: bench.labels };
        const client = await containers.create("db-client", args);

        const container = bench.docker.getContainer(client.id);
        const inspected = await container.inspect();
        expect(inspected.State.Running).toBe(true);
        expect(inspected.HostConfig.NetworkMode).toBe(`container:${program.id}`);
        expect(JSON.stringify(inspected)).not.toContain(SECRET);
        const said = await container.logs({ follow: true, stderr: true, stdout: true });
        for await (const chunk of said) if (String(chunk).includes("Start Websocket listener")) break;
        // The kernel's own list of who listens: 0100007F is 127.0.0.1, 1538 is 5432.
        const { Pid } = inspected.State;
        const listening = readFileSync(`/proc/${Pid}/net/tcp`, "utf8");
        expect(listening).toContain("0100007F:1538 00000000:0000 0A");
        expect(readFileSync(`/proc/${Pid}/cmdline`, "utf8")).not.toContain(SECRET);
        expect(readFileSync(`/proc/${Pid}/environ`, "utf8")).toContain(SECRET);

        const refreshed = await containers.read("db-client", client);
        const live = { ...client, outputs: refreshed?.outputs ?? {} };
        expect((await containers.diff("db-client", live, args)).changes).toEqual({});
        await containers.delete("db-client", client);
        await containers.delete("app", program);
    });
});

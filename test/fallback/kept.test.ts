/** Programs and policy packs that are kept from one run of the engine to the next. */
import { mkdtempDisposable, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import { describe, expect, it, vi } from "vitest";
import { keptRuntime } from "../../toolchain/fallback/kept/runtime.ts";
import { structPb } from "../../toolchain/fallback/plugin/protobuf.ts";
import { startMonitor } from "./support/monitor.ts";

// Each starts processes, which takes a second where nothing else is at work.
vi.setConfig({ testTimeout: 60_000 });

const projectDir = join(import.meta.dirname, "..", "..");
const never = new AbortController().signal;

/** A runtime, and programs in a folder where they find the project's packages. */
async function setUp() {
    const folder = await mkdtempDisposable(join(tmpdir(), "sallyport-kept-"));
    await symlink(join(projectDir, "node_modules"), join(folder.path, "node_modules"));
    await writeFile(join(folder.path, "package.json"), JSON.stringify({ type: "module" }));
    const runtime = keptRuntime();
    let programs = 0;
    const monitor = await startMonitor();
    return {
        folder: folder.path,
        runtime,
        /** Runs a program whose function has this body. @returns what it told the engine as errors, and the answer. */
        run: async (body: string, configuration: Record<string, string> = {}, cancelled = never) => {
            const name = `program${programs++}.ts`;
            await writeFile(
                join(folder.path, name),
                `import * as pulumi from "@pulumi/pulumi";\nexport default async () => {\n${body}\n};\n`,
            );
            const info = new pb.ProgramInfo();
            info.setProgramDirectory(folder.path);
            info.setEntryPoint(name);
            info.setOptions(structPb.Struct.fromJavaScript({}));
            const request = new pb.RunRequest();
            request.setProject("p");
            request.setStack("dev");
            request.setPwd(folder.path);
            request.setInfo(info);
            request.setMonitorAddress(monitor.address);
            for (const [key, value] of Object.entries(configuration)) request.getConfigMap().set(key, value);
            const from = monitor.said.length;
            const response = await runtime.run(request, monitor.address, cancelled);
            return { said: monitor.said.slice(from), error: response.getError(), bail: response.getBail() };
        },
        [Symbol.asyncDispose]: async () => {
            runtime.end();
            await monitor[Symbol.asyncDispose]();
            await folder[Symbol.asyncDispose]();
        },
    };
}

const TELL = `await pulumi.log.info(JSON.stringify([process.pid, new pulumi.Config("p").require("name")]));`;

describe("programs", () => {
    it("run one after the other in the same process, each with its own configuration", async () => {
        await using setup = await setUp();
        const [one] = (await setup.run(TELL, { "p:name": "one" })).said;
        const [other] = (await setup.run(TELL, { "p:name": "other" })).said;
        const [pid] = JSON.parse(one ?? "") as [number, string];
        expect(JSON.parse(one ?? "")).toEqual([pid, "one"]);
        expect(JSON.parse(other ?? "")).toEqual([pid, "other"]);
        expect(pid).not.toBe(process.pid);
    });

    it("run side by side in processes of their own", async () => {
        await using setup = await setUp();
        const { said: one } = await setup.run(TELL, { "p:name": "first" });
        const [second, third] = await Promise.all(
            ["second", "third"].map((name) => setup.run(TELL, { "p:name": name })),
        );
        const told = [...(second?.said ?? []), ...(third?.said ?? [])].map(
            (text) => JSON.parse(text) as [number, string],
        );
        const pids = new Map(told.map(([pid, name]) => [name, pid]));
        expect(pids.get("second")).not.toBe(pids.get("third"));
        expect([...pids.values()]).toContain((JSON.parse(one[0] ?? "") as [number])[0]);
    });

    it("that failed leave nothing to the next, which has a new process", async () => {
        await using setup = await setUp();
        const { said: before } = await setup.run(TELL, { "p:name": "before" });
        await setup.run(`throw new pulumi.RunError("the zone is missing");`);
        const { said: after, error } = await setup.run(TELL, { "p:name": "after" });
        expect(error).toBe("");
        expect((JSON.parse(after[0] ?? "") as [number])[0]).not.toBe((JSON.parse(before[0] ?? "") as [number])[0]);
    });

    it.each([
        ["of a kind that is for people", `throw new pulumi.RunError("wrong zone");`, /^wrong zone$/],
        [
            "of any other kind",
            `throw new TypeError("wrong zone");`,
            /^Unhandled exception: TypeError: wrong zone\n {4}at /,
        ],
        [
            "that nobody awaits",
            `void Promise.reject(new TypeError("wrong zone"));`,
            /^Unhandled exception: .*wrong zone/,
        ],
    ])("tell the engine of an error %s, once, and bail out", async (_, body, told) => {
        await using setup = await setUp();
        expect(await setup.run(body)).toEqual({ said: [expect.stringMatching(told)], error: "", bail: true });
    });

    it("end with the run that is cancelled", async () => {
        await using setup = await setUp();
        const cancellation = new AbortController();
        const running = setup.run(
            `await pulumi.log.info("up");\nawait new Promise(() => {});`,
            {},
            cancellation.signal,
        );
        await setup.run(TELL, { "p:name": "meanwhile" });
        cancellation.abort();
        expect(await running).toMatchObject({ error: "the program was ended", bail: false });
    });
});

describe("policy packs", () => {
    it("serve one run after the other on the same port, and two at once from two processes", async () => {
        await using setup = await setUp();
        const use = async (work: () => Promise<void>) => {
            const request = new pb.RunPluginRequest();
            const info = new pb.ProgramInfo();
            info.setProgramDirectory(join(projectDir, "policy"));
            request.setInfo(info);
            request.setKind("analyzer");
            request.setArgsList(["127.0.0.1:1"]);
            request.setEnvList(Object.entries(process.env).map(([name, value]) => `${name}=${value}`));
            const enough = new AbortController();
            const { promise: port, resolve } = Promise.withResolvers<string>();
            const output = { stdout: (chunk: Buffer) => resolve(chunk.toString()), stderr: () => {} };
            const served = setup.runtime.runPlugin(request, output, enough.signal);
            const told = await port;
            await work();
            enough.abort();
            expect(await served).toBe(0);
            return told;
        };
        let beside = "";
        const first = await use(async () => {
            beside = await use(async () => {});
        });
        expect(first).toMatch(/^\d+\n$/);
        expect(beside).not.toBe(first);
        expect([first, beside]).toContain(await use(async () => {}));
    });
});

/** The small Node.js language host runs programs as the engine expects it. */
import { mkdtempDisposable, readFile, symlink, watch, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/language_pb.js";
import { expect, it } from "vitest";
import { processes } from "../../toolchain/fallback/languageHost/processes.ts";
import { languageService } from "../../toolchain/fallback/languageHost/service.ts";
import { listen } from "../../toolchain/fallback/plugin/listen.ts";
import { structPb } from "../../toolchain/fallback/plugin/protobuf.ts";
import { startMonitor } from "./support/monitor.ts";

async function startHost() {
    const monitor = await startMonitor();
    const { service, cancel } = languageService(processes, monitor.address);
    const server = await listen(services.LanguageRuntimeService, service);
    const client = new services.LanguageRuntimeClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
    return {
        run: (request: pb.RunRequest) =>
            new Promise<pb.RunResponse>((resolve, reject) => {
                request.setMonitorAddress(monitor.address);
                client.run(request, (error, response) => (error === null ? resolve(response) : reject(error)));
            }),
        installDependencies: (folder: string) => {
            const info = new pb.ProgramInfo();
            info.setProgramDirectory(folder);
            const request = new pb.InstallDependenciesRequest();
            request.setInfo(info);
            return new Promise<void>((resolve, reject) => {
                client
                    .installDependencies(request)
                    .on("data", () => {})
                    .on("end", resolve)
                    .on("error", reject);
            });
        },
        cancel,
        async [Symbol.asyncDispose]() {
            cancel();
            (client as Client).close();
            await server.stop();
            await monitor[Symbol.asyncDispose]();
        },
    };
}

/** What programs can call: the test gets to see the value, whole. */
const PRELUDE = `
    import { readFileSync, renameSync, writeFileSync } from "node:fs";
    function report(value: unknown): void {
        writeFileSync("seen.part", JSON.stringify(value));
        renameSync("seen.part", "seen.json");
    }
`;

/** A project whose program is the given TypeScript. */
async function project(program: string) {
    const folder = await mkdtempDisposable(join(tmpdir(), "sallyport-program-"));
    await symlink(join(import.meta.dirname, "..", "..", "node_modules"), join(folder.path, "node_modules"));
    await writeFile(join(folder.path, "package.json"), JSON.stringify({ name: "p", type: "module" }));
    await writeFile(join(folder.path, "index.ts"), `${PRELUDE}${program}`);
    const info = new pb.ProgramInfo();
    info.setRootDirectory(folder.path);
    info.setProgramDirectory(folder.path);
    info.setEntryPoint("index.ts");
    info.setOptions(structPb.Struct.fromJavaScript({ typescript: false }));
    const request = new pb.RunRequest();
    request.setProject("p");
    request.setStack("dev");
    request.setPwd(folder.path);
    request.setInfo(info);
    request.getConfigMap().set("p:password", "hunter2");
    request.setConfigsecretkeysList(["p:password"]);
    return {
        request,
        seen: async () => JSON.parse(await readFile(join(folder.path, "seen.json"), "utf8")),
        /** Starts to look out for the program's report. */
        reported: async () => {
            const events = watch(folder.path);
            for await (const { filename } of events) {
                if (filename === "seen.json") {
                    return;
                }
            }
        },
        [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
}

it("hands the configuration to a TypeScript program, but not to the process list", async () => {
    await using host = await startHost();
    await using program = await project(`
        const started: string[] = ["cmdline", "environ"].map((file) => readFileSync("/proc/self/" + file, "utf8"));
        const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_STACK } = process.env;
        report({ started, PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_STACK });
    `);
    const response = await host.run(program.request);
    expect([response.getError(), response.getBail()]).toEqual(["", false]);
    const { started, ...environment } = await program.seen();
    expect(environment).toEqual({
        PULUMI_CONFIG: '{"p:password":"hunter2"}',
        PULUMI_CONFIG_SECRET_KEYS: '["p:password"]',
        PULUMI_NODEJS_STACK: "dev",
    });
    expect(started.join()).toContain("index.ts");
    expect(started.join()).not.toContain("hunter2");
});

it("passes on the exit code of a program, and bails out where the program has said why", async () => {
    await using host = await startHost();
    await using failing = await project("process.exit(7);");
    expect((await host.run(failing.request)).getError()).toBe("the program exited with code 7");
    await using reporting = await project("process.exit(32);");
    const response = await host.run(reporting.request);
    expect([response.getError(), response.getBail()]).toEqual(["", true]);
});

it("ends a running program when the run is cancelled", async () => {
    await using host = await startHost();
    await using program = await project(`
        report(process.pid);
        setInterval(() => undefined, 1000);
    `);
    const reported = program.reported();
    const running = host.run(program.request);
    await reported;
    const pid = await program.seen();
    host.cancel();
    expect((await running).getError()).toBe("the program was ended by SIGKILL");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

it("installs nothing for a component package: it says what is missing, and how to get it", async () => {
    await using host = await startHost();
    await using folder = await mkdtempDisposable(join(tmpdir(), "sallyport-package-"));
    const dependencies = { "@pulumi/pulumi": "1.0.0", yaml: "1.0.0" };
    await writeFile(join(folder.path, "package.json"), JSON.stringify({ name: "p", dependencies }));
    await expect(host.installDependencies(folder.path)).rejects.toThrow(
        `@pulumi/pulumi, yaml cannot be found. Run "npm install" in ${folder.path}.`,
    );
    await symlink(join(import.meta.dirname, "..", "..", "node_modules"), join(folder.path, "node_modules"));
    await expect(host.installDependencies(folder.path)).resolves.toBeUndefined();
});

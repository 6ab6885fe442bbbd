/** The executables that the engine finds in the private PULUMI_HOME. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, readdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { installFallback } from "../../toolchain/fallback/install.ts";

const projectDir = join(import.meta.dirname, "..", "..");

/** A folder whose name a careless shell script would trip over. */
function temporaryHome() {
    return mkdtempDisposable(join(tmpdir(), "sallyport it's $HOME "));
}

it("are where engine 3.250 looks for them, with the versions of the npm packages", async () => {
    await using home = await temporaryHome();
    const plugins = await installFallback({ pulumiHome: home.path, projectDir });
    expect(plugins.map(({ path }) => relative(home.path, path))).toEqual([
        "versions/3.250.0/bin/pulumi-language-nodejs",
        "plugins/language-nodejs-v3.250.0/pulumi-language-nodejs",
        "plugins/resource-cloudflare-v6.17.0/pulumi-resource-cloudflare",
        "plugins/resource-consul-v3.15.1/pulumi-resource-consul",
        "plugins/resource-docker-v5.2.0/pulumi-resource-docker",
        "plugins/resource-kubernetes-v4.34.2/pulumi-resource-kubernetes",
        "plugins/resource-random-v4.21.2/pulumi-resource-random",
        "plugins/resource-tls-v5.6.1/pulumi-resource-tls",
    ]);
    for (const { path } of plugins) {
        expect((await stat(path)).mode & 0o777).toBe(0o755);
    }
});

it("are left alone by a second installation, which leaves nothing else behind", async () => {
    await using home = await temporaryHome();
    const inodes = async () => {
        const plugins = await installFallback({ pulumiHome: home.path, projectDir });
        return Promise.all(plugins.map(async ({ path }) => (await stat(path)).ino));
    };
    const before = await inodes();
    expect(await inodes()).toEqual(before);
    const files = await readdir(home.path, { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toHaveLength(before.length);
});

it("report a port on loopback, and end when they are asked to", async () => {
    await using home = await temporaryHome();
    const plugins = await installFallback({ pulumiHome: home.path, projectDir });
    const random = plugins.find(({ name }) => name === "random");
    const child = spawn(random?.path ?? "", ["127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
    try {
        const [line] = await once(child.stdout.setEncoding("utf8"), "data");
        expect(line).toMatch(/^\d+\n$/);
        const socket = connect(Number(line), "127.0.0.1");
        await once(socket, "connect");
        socket.destroy();
        child.kill("SIGINT");
        expect(await once(child, "exit")).toEqual([0, null]);
    } finally {
        child.kill("SIGKILL");
    }
});

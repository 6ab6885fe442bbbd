import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { execa } from "execa";
import { pack } from "tar-stream";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ensurePrograms, ensureTool, silentProgress } from "../../../toolchain/index.ts";
import { followBuild } from "../../docker/support/image.ts";

/** What an image of this kind is built with. */
export interface AccessClientImage {
    /** Reference, which no registry has. */
    image: string;
    /** Further variables of its environment. */
    env?: Readonly<Record<string, string>>;
    /** Further files by their absolute path. */
    files?: Readonly<Record<string, string>>;
}

/**
 * Builds cloudflared with a shell into an image, as somebody would for a client container. Debian's busybox is built without tcpsvd, so the
 * program that busybox's follows stands in, with the libraries that it is linked to.
 */
export async function buildAccessClientImage(
    docker: Docker,
    { image, env = {}, files = {} }: AccessClientImage,
): Promise<void> {
    const progress = stderrProgress();
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    const { busybox } = await ensurePrograms({ package: "busybox-static", programs: ["busybox"] }, { progress });
    const { tcpsvd } = await ensurePrograms({ package: "ipsvd", programs: ["tcpsvd"] }, { progress });
    const { stdout: linked } = await execa("ldd", [tcpsvd]);
    const libraries = [...linked.matchAll(/\/\S+(?= \()/g)].map(([library]) => library);
    const variables = Object.entries({ PATH: "/bin", ...env }).map(([name, value]) => `ENV ${name}=${value}`);
    const dockerfile = [
        "FROM scratch",
        ...variables,
        "COPY files /",
        'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
        "",
    ].join("\n");
    const context = pack();
    context.entry({ name: "Dockerfile" }, dockerfile);
    for (const [path, text] of Object.entries(files)) context.entry({ name: `files${path}`, mode: 0o644 }, text);
    const programs = { "/bin/cloudflared": cloudflared, "/bin/busybox": busybox, "/bin/tcpsvd": tcpsvd };
    for (const [path, source] of [...Object.entries(programs), ...libraries.map((path) => [path, path] as const)]) {
        context.entry({ name: `files${path}`, mode: 0o755 }, readFileSync(source));
    }
    context.finalize();
    await followBuild(docker, await docker.buildImage(Readable.from(context), { t: image, networkmode: "none" }));
}

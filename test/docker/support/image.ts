import { Readable } from "node:stream";
import type Docker from "dockerode";
import { buildContext, RECIPES } from "../../../toolchain/docker/recipes.ts";
import { ensureTool, silentProgress } from "../../../toolchain/index.ts";

/** A reference that no registry has. */
export const TEST_IMAGE = "sallyport.test/whoami:1";

/** Builds the demo application into an image FROM scratch, once per engine. */
export async function buildTestImage(docker: Docker): Promise<string> {
    const { path } = await ensureTool("whoami", { progress: silentProgress });
    const context = await buildContext(RECIPES.whoami, path);
    const stream = await docker.buildImage(Readable.from(context.tar()), { t: TEST_IMAGE, networkmode: "none" });
    await followBuild(docker, stream);
    return TEST_IMAGE;
}

/** Reads what the engine tells of a build until it is done; rejects with the mistake that ended it. */
export function followBuild(docker: Docker, output: NodeJS.ReadableStream): Promise<void> {
    return new Promise((resolve, reject) => {
        docker.modem.followProgress(output, (error, messages: { error?: string }[]) => {
            const failure = messages.find((message) => message.error)?.error;
            if (error ?? failure) reject(error ?? new Error(failure));
            else resolve();
        });
    });
}

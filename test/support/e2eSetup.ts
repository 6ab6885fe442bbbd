import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { connect, ensureDocker, ensureSwarm, inspectHost } from "../../toolchain/docker/index.ts";
import { ensureTool, sallyportHome } from "../../toolchain/index.ts";

/**
 * Makes a fresh machine ready for the end-to-end tests: Docker with a Swarm, the engine and cloudflared. Whatever is there already is used as it is;
 * a Docker daemon that was started here is stopped again.
 */
export default async function setup(): Promise<() => void> {
    const progress = stderrProgress();
    const before = await connect();
    const { docker } = await ensureDocker({ yes: true, progress });
    await ensureSwarm(docker);
    await ensureTool("pulumi", { progress });
    await ensureTool("cloudflared", { progress });
    return () => {
        if (before.state !== "running" && !inspectHost().systemd) {
            process.kill(Number(readFileSync(join(sallyportHome(), "docker", "dockerd.pid"), "utf8")), "SIGTERM");
        }
    };
}

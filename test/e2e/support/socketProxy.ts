import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { freePort } from "../../../cli/processes/freePort.ts";
import { startTied } from "../../../cli/processes/tied.ts";
import { projectDir } from "../../../cli/project.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { until } from "../../../toolchain/docker/wait.ts";
import { ensurePrograms } from "../../../toolchain/index.ts";

/** HAProxy reads one small file: ten seconds in milliseconds. */
const STARTS_WITHIN_MS = 10_000;

/** What `tecnativa/docker-socket-proxy` lets through of itself (its README, "Grant or revoke access to certain API sections"). */
const BY_DEFAULT = ["events", "_ping", "version"];

/** A proxy before Docker's socket that lets some questions through and no change. */
export interface SocketProxy extends AsyncDisposable {
    /** As `DOCKER_HOST` takes it. */
    readonly address: string;
}

/**
 * Stands in for the image of the example, which is HAProxy with a rule for each section of the API: the same program from the distribution, with a rule for
 * each section that the example's own Compose file allows. On loopback.
 */
export async function startSocketProxy(): Promise<SocketProxy> {
    const programs = { package: "haproxy", programs: ["haproxy"], folders: "/usr/sbin" } as const;
    const { haproxy } = await ensurePrograms(programs, { progress: stderrProgress() });
    const folder = mkdtempSync(join(tmpdir(), "sallyport-socket-proxy-"));
    const port = await freePort();
    const file = join(folder, "haproxy.cfg");
    writeFileSync(file, configuration(port, [...BY_DEFAULT, ...sectionsOfExample()]));
    const said: string[] = [];
    const process_ = startTied(haproxy, ["-db", "-f", file], { env: process.env, onLine: (line) => said.push(line) });
    const dispose = async () => {
        await process_[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
    };
    const answered = () =>
        fetch(`http://127.0.0.1:${port}/_ping`).then(
            ({ ok }) => ok || undefined,
            () => undefined,
        );
    if ((await until(answered, { withinMs: STARTS_WITHIN_MS })) === undefined) {
        await dispose();
        throw new Error(`HAProxy does not answer:\n${said.join("\n")}`);
    }
    return { address: `tcp://127.0.0.1:${port}`, [Symbol.asyncDispose]: dispose };
}

function sectionsOfExample(): string[] {
    const text = readFileSync(join(projectDir, "examples", "swarm-watch", "compose.yaml"), "utf8");
    const { services } = parse(text) as { services: Record<string, { environment?: Record<string, unknown> }> };
    const allowed = Object.entries(services["socket-proxy"]?.environment ?? {}).filter(([, value]) => value === 1);
    return allowed.map(([section]) => section.toLowerCase());
}

/** Events are a stream that may be silent for as long as nothing happens. */
function configuration(port: number, sections: readonly string[]): string {
    const path = (section: string) => `{ path,url_dec -m reg -i ^(/v[0-9.]+)?/${section} }`;
    return [
        "defaults",
        "    mode http",
        "    timeout connect 10s",
        "    timeout client 10m",
        "    timeout server 10m",
        "frontend docker",
        `    bind 127.0.0.1:${port}`,
        "    http-request deny unless METH_GET",
        ...sections.map((section) => `    http-request allow if ${path(section)}`),
        "    http-request deny",
        `    use_backend events if ${path("events")}`,
        "    default_backend engine",
        "backend engine",
        "    server socket unix@/var/run/docker.sock",
        "backend events",
        "    timeout server 0",
        "    server socket unix@/var/run/docker.sock",
        "",
    ].join("\n");
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../../cli/processes/freePort.ts";
import { tryHandshake } from "../../../cli/tls/handshake.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { toYaml } from "../../../components/internal/yaml.ts";
import { type DynamicSettings, dynamicConfiguration } from "../../../components/proxy/traefik/dynamicConfiguration.ts";
import { staticConfiguration } from "../../../components/proxy/traefik/staticConfiguration.ts";
import { ensureTool } from "../../../toolchain/index.ts";

const READY_WITHIN_MS = 20_000;

/** The real Traefik as our components configure it, but as a process with one entry point on loopback, and watching its file. */
export interface WatchedTraefik extends AsyncDisposable {
    readonly port: number;
    /** Writes a file beside the configuration; its path. */
    write(name: string, text: string): string;
    /** Gives it another configuration, and waits until it shows the certificate with that serial number to who asks for `serverName`. */
    configure(settings: DynamicSettings, shows: { serverName: string; serialNumber: string }): Promise<void>;
}

export async function startWatchedTraefik(): Promise<WatchedTraefik> {
    const { path } = await ensureTool("traefik", { progress: stderrProgress() });
    const folder = mkdtempSync(join(tmpdir(), "sallyport-traefik-"));
    const write = (name: string, text: string) => {
        const file = join(folder, name);
        // At once or not at all: the file provider reads whatever it finds.
        writeFileSync(`${file}.new`, text, { mode: 0o600 });
        renameSync(`${file}.new`, file);
        return file;
    };
    const port = await freePort();
    const fixed = staticConfiguration({ logLevel: "ERROR", accessLog: false, dashboard: false, trustedProxies: [] });
    const { ping: _, ...settings } = fixed;
    const configFile = write(
        "traefik.yml",
        toYaml({
            ...settings,
            entryPoints: { websecure: { ...fixed.entryPoints.websecure, address: `127.0.0.1:${port}` } },
            providers: {
                file: { filename: write("dynamic.yml", ""), watch: true },
                providersThrottleDuration: "100ms",
            },
        }),
    );
    const child = spawn(path, [`--configFile=${configFile}`], { stdio: ["ignore", "ignore", "inherit"] });
    const exited = once(child, "exit");
    return {
        port,
        write,
        configure: async (dynamic, { serverName, serialNumber }) => {
            write("dynamic.yml", toYaml(dynamicConfiguration(dynamic)));
            const deadline = Date.now() + READY_WITHIN_MS;
            while ((await shownSerialNumber(port, serverName)) !== serialNumber) {
                if (child.exitCode !== null || Date.now() > deadline) {
                    throw new Error(`Traefik does not show the certificate ${serialNumber} to ${serverName}`);
                }
                await delay(20);
            }
        },
        [Symbol.asyncDispose]: async () => {
            child.kill("SIGTERM");
            await exited;
            rmSync(folder, { recursive: true });
        },
    };
}

/** The serial number of what it shows; none while it does not listen, or refuses. */
async function shownSerialNumber(port: number, serverName: string): Promise<string | undefined> {
    const accepted = await tryHandshake({ address: "127.0.0.1", port, serverName }).catch(() => undefined);
    return accepted?.chain[0]?.serialNumber;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import { stringify } from "yaml";
import { freePort } from "../../../cli/processes/freePort.ts";
import { dynamicConfiguration } from "../../../components/proxy/traefik/dynamicConfiguration.ts";
import { staticConfiguration } from "../../../components/proxy/traefik/staticConfiguration.ts";
import { CertificateAuthority } from "../../../emulator/edge/index.ts";
import { ensureTool, silentProgress } from "../../../toolchain/index.ts";

/** A name in its certificate, under which connectors and clients open their connections. */
export const TRAEFIK_NAME = "traefik";
const START_LIMIT_MS = 10_000;

/** Traefik as the stacks configure it, but as a process with one entry point on loopback. */
export interface Traefik extends AsyncDisposable {
    readonly port: number;
    readonly caPem: string;
    /** The same in a file. */
    readonly caFile: string;
}

/** Starts Traefik before a service on loopback, for these hostnames. */
export async function startTraefik(hostnames: readonly string[], service: string): Promise<Traefik> {
    await using started = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "sallyport-bench-traefik-"));
    started.defer(() => rm(folder, { recursive: true }));
    const write = async (name: string, text: string) => {
        const file = join(folder, name);
        await writeFile(file, text, { mode: 0o600 });
        return file;
    };
    const authority = await CertificateAuthority.open();
    const { certPem, privateKeyPem } = await authority.issue([TRAEFIK_NAME]);
    const caFile = await write("ca.pem", authority.caPem);
    const certificates = [
        { certFile: await write("cert.pem", certPem), keyFile: await write("key.pem", privateKeyPem) },
    ];
    const routes = hostnames.map((hostname, i) => ({ name: `app-${i}`, hostname, service }));
    const filename = await write("dynamic.yml", stringify(dynamicConfiguration({ certificates, routes })));
    const port = await freePort();
    const fixed = staticConfiguration({ logLevel: "ERROR", accessLog: false, dashboard: false, trustedProxies: [] });
    const { ping: _, ...settings } = fixed;
    const configFile = await write(
        "traefik.yml",
        stringify({
            ...settings,
            entryPoints: { websecure: { ...fixed.entryPoints.websecure, address: `127.0.0.1:${port}` } },
            providers: { file: { filename, watch: false } },
        }),
    );
    const { path } = await ensureTool("traefik", { progress: silentProgress });
    const child = spawn(path, [`--configFile=${configFile}`], { stdio: ["ignore", "ignore", "inherit"] });
    const exited = once(child, "exit");
    started.defer(async () => {
        child.kill("SIGTERM");
        await exited;
    });
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await answers(port, authority.caPem))) {
        if (child.exitCode !== null || Date.now() > deadline) {
            throw new Error(`Traefik does not answer on port ${port}`);
        }
        await delay(50);
    }
    const owned = started.move();
    return { port, caPem: authority.caPem, caFile, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Traefik listens before it has read its certificates, and without one it resets every connection. */
function answers(port: number, caPem: string): Promise<boolean> {
    return new Promise((resolve) => {
        const socket = connect({ host: "127.0.0.1", port, servername: TRAEFIK_NAME, ca: caPem });
        socket.once("secureConnect", () => {
            socket.destroy();
            resolve(true);
        });
        socket.once("error", () => resolve(false));
    });
}

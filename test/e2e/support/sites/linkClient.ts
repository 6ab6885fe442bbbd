import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HostFile } from "../../../../components/index.ts";
import { ensureTool, silentProgress } from "../../../../toolchain/index.ts";
import { connectorEnvironment } from "../../../edge/support/cloudflaredProcess.ts";
import type { NetworkNamespace } from "./networkNamespace.ts";

/** What a link gives for the nodes of its using side. */
export interface LinkFiles {
    readonly files: readonly HostFile[];
    readonly secretFiles: readonly HostFile[];
}

/** Where a client runs, and whom it trusts. */
export interface ClientPlace {
    readonly machine: NetworkNamespace;
    /** Folder that stands for `/`. */
    readonly root: string;
    readonly caFile: string;
}

/** Puts files below a folder that stands for `/`. */
export async function putFiles(root: string, { files, secretFiles }: LinkFiles): Promise<void> {
    for (const { path, mode, content } of [...files, ...secretFiles]) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), content.replaceAll("/etc/sallyport/", `${root}/etc/sallyport/`));
        await chmod(join(root, path), Number.parseInt(mode, 8));
    }
}

/** Runs the rendered script for each connection, with the rendered token where systemd would put it. */
export async function startTcpClient(
    { machine, root, caFile }: ClientPlace,
    link: string,
    port: number,
): Promise<AsyncDisposable> {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    const folder = join(root, "etc/sallyport", link);
    const script = join(import.meta.dirname, "socketActivation.ts");
    const env = {
        HOME: root,
        PATH: `${dirname(cloudflared)}:/usr/bin:/bin`,
        CREDENTIALS_DIRECTORY: folder,
        SSL_CERT_FILE: caFile,
        NO_AUTOUPDATE: "true",
    };
    const ready = Promise.withResolvers<void>();
    const args = [script, String(port), "/bin/sh", "-eu", join(folder, "connect.sh")];
    const started = machine.start(process.execPath, args, { env, onLine: () => ready.resolve() });
    await ready.promise;
    return started;
}

/** Runs the real Traefik with the rendered files. */
export async function startHttpClient({ machine, root, caFile }: ClientPlace, link: string): Promise<AsyncDisposable> {
    const { path: traefik } = await ensureTool("traefik", { progress: silentProgress });
    const args = [`--configFile=${join(root, "etc/sallyport", link, "traefik.yml")}`];
    return machine.start(traefik, args, { env: { SSL_CERT_FILE: caFile } });
}

/** Runs a connector with credentials that lie in a file; settled once it has ingress rules. */
export async function startConnector(
    { machine, root, caFile }: ClientPlace,
    { edge, credentialsFile, tunnelId }: { edge: string; credentialsFile: string; tunnelId: string },
): Promise<AsyncDisposable> {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    const configured = Promise.withResolvers<void>();
    const env = { PATH: "/usr/bin:/bin", ...connectorEnvironment({ home: root, edge: [edge], caFile }) };
    const started = machine.start(cloudflared, ["tunnel", "run", "--credentials-file", credentialsFile, tunnelId], {
        env,
        onLine: (line) => {
            if (line.includes("Updated to new configuration")) configured.resolve();
        },
    });
    await Promise.race([
        configured.promise,
        started.ended.then((how) => Promise.reject(new Error(`the connector has ended: ${how}`))),
    ]);
    return started;
}

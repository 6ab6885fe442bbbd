import type { AppConfig } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { tcpOf } from "../../stacks/config/tcp.ts";
import { parseService, usualLocalPort } from "../../stacks/config/values.ts";
import { CommandError, Exit } from "../exit.ts";
import { runningEmulator } from "../local/emulatorProcess.ts";
import { localFiles } from "../local/files.ts";
import { projectDir } from "../project.ts";
import { type Catalogue, type CatalogueApp, HTTP } from "./catalogue.ts";

/**
 * The catalogue of a stack. It comes from the stack file and not from the stack's outputs: whoever may connect to a database need
 * not be allowed to read the state, nor wait for the engine to do so.
 */
export async function catalogueOfStack(stack: string): Promise<Catalogue> {
    const { apps } = readStackFile(projectDir, stack);
    return {
        version: 1,
        apps: apps.flatMap(entryOf),
        ...(stack === LOCAL_STACK ? { edge: await localEdge() } : {}),
    };
}

/** What a client must know of an app, and not where it runs. Nothing for origins that nobody connects to, such as a fixed status. */
function entryOf(app: AppConfig): CatalogueApp[] {
    const { name, hostname, service } = app;
    const tcp = tcpOf(app);
    if (tcp === undefined) {
        const { scheme = "" } = parseService(service) ?? {};
        return /^(https?|wss?)$/.test(scheme) ? [{ name, hostname, protocol: HTTP }] : [];
    }
    const { protocol, port, localPort = port && usualLocalPort(port), shortLivedCertificates } = tcp;
    return [
        {
            name,
            hostname,
            protocol,
            ...(localPort === undefined ? {} : { port: localPort }),
            ...(shortLivedCertificates === undefined ? {} : { shortLivedCertificates }),
        },
    ];
}

async function localEdge(): Promise<Catalogue["edge"]> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the local environment is not running", "start it with `npm run local`");
    }
    return { address: emulator.https, caFile: localFiles.edgeCa };
}

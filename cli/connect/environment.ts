import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { parseService } from "../../stacks/config/values.ts";
import { CommandError, Exit } from "../exit.ts";
import { runningEmulator } from "../local/emulatorProcess.ts";
import { localFiles } from "../local/files.ts";
import { projectDir } from "../project.ts";
import type { Catalogue, CatalogueApp } from "./catalogue.ts";
import { HTTP, protocolOfService } from "./protocols.ts";

/**
 * The catalogue of a stack. It comes from the stack file and not from the stack's outputs: whoever may connect to a database need
 * not be allowed to read the state, nor wait for the engine to do so.
 */
export async function catalogueOfStack(stack: string): Promise<Catalogue> {
    const { apps } = readStackFile(projectDir, stack);
    return {
        version: 1,
        apps: apps.flatMap(({ name, hostname, service }): CatalogueApp[] => {
            const parsed = parseService(service);
            const protocol = parsed && protocolOfService(parsed);
            if (parsed === undefined || protocol === undefined) {
                return [];
            }
            // Where a web application runs is nothing that its visitors need.
            const { port } = protocol === HTTP ? {} : parsed;
            return [{ name, hostname, protocol, ...(port === undefined ? {} : { port }) }];
        }),
        ...(stack === LOCAL_STACK ? { edge: await localEdge() } : {}),
    };
}

async function localEdge() {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the local environment is not running", "start it with `npm run local`");
    }
    return { address: emulator.https, caFile: localFiles.edgeCa };
}

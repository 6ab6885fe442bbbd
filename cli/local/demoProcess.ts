import { fileURLToPath } from "node:url";
import { Background } from "../processes/background.ts";
import { projectDir } from "../project.ts";
import { readDescription } from "./demo/description.ts";
import { localFiles } from "./files.ts";

const PROGRAM = fileURLToPath(new URL("./demo/main.ts", import.meta.url));

const background = new Background({
    name: "the demo service",
    record: localFiles.demoRecord,
    log: localFiles.demoLog,
});

/** Starts the demo service that stands in for its container, or finds it running. @returns its URL, the same every time. */
export function startDemo(): Promise<string> {
    const args = [PROGRAM, localFiles.demoProcess];
    return background.ensure({ command: process.execPath, args, cwd: projectDir }, async () => {
        const description = readDescription(localFiles.demoProcess);
        // The file may still be that of an earlier process. It is written once the service listens.
        return description?.pid === background.pid ? `http://127.0.0.1:${description?.port}` : undefined;
    });
}

/** Ends the demo service and waits until it is gone. */
export function stopDemo(): Promise<void> {
    return background.stop();
}

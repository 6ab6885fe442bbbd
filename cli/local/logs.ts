import { createReadStream, existsSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { connect, objectsOf } from "../../toolchain/docker/index.ts";
import { CommandError, Exit } from "../exit.ts";
import { localFiles } from "./files.ts";

/** Processes of this machine by the names under which their logs are asked for; the last two run without Docker alone. */
const PROCESS_LOGS = {
    emulator: localFiles.emulatorLog,
    connector: localFiles.connectorLog,
    demo: localFiles.demoLog,
} as const;

/** Writes the last lines of one service's or process's log, or of all of them, to stdout. */
export async function localLogs(name: string | undefined): Promise<void> {
    const connection = await connect();
    const isWanted = (candidate: string) => name === undefined || candidate.includes(name);
    const services = connection.state === "running" ? (await objectsOf(connection.docker, LOCAL_STACK)).services : [];
    const processes = Object.entries(PROCESS_LOGS).filter(([, file]) => existsSync(file));
    const names = [...processes.map(([title]) => title), ...services.map((service) => service.name)];
    if (name !== undefined && !names.some(isWanted)) {
        throw new CommandError(
            Exit.usage,
            `"${name}" is not a service of the local environment`,
            names.length === 0 ? "start it with `npm run local`" : `write one of ${names.join(", ")}`,
        );
    }
    for (const [title, file] of processes.filter(([candidate]) => isWanted(candidate))) {
        heading(title);
        await pipeline(createReadStream(file), process.stdout, { end: false });
    }
    if (connection.state === "running") {
        for (const service of services.filter((candidate) => isWanted(candidate.name))) {
            heading(service.name);
            await writeLog(connection.docker, service.id);
        }
    }
}

function heading(name: string): void {
    process.stdout.write(`== ${name}\n`);
}

/** Docker's log is a sequence of frames (Engine API, "Attach to a container": 8 bytes of header, then the text). */
async function writeLog(docker: Docker, serviceId: string): Promise<void> {
    const answer: unknown = await docker
        .getService(serviceId)
        .logs({ stdout: true, stderr: true, tail: 200, follow: false });
    const frames = Buffer.isBuffer(answer)
        ? answer
        : Buffer.from(await new Response(answer as ReadableStream).arrayBuffer());
    for (let at = 0; at + 8 <= frames.length; ) {
        const length = frames.readUInt32BE(at + 4);
        process.stdout.write(frames.subarray(at + 8, at + 8 + length));
        at += 8 + length;
    }
}

import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { connect, objectsOf } from "../../toolchain/docker/index.ts";
import { CommandError, Exit } from "../exit.ts";
import { localFiles, readIfThere } from "./files.ts";

/** Name under which the emulator's own log is asked for. */
const EMULATOR = "emulator";

/** Writes the last lines of one service's log, or of all of them and the emulator's, to stdout. */
export async function localLogs(name: string | undefined): Promise<void> {
    const connection = await connect();
    const services = connection.state === "running" ? (await objectsOf(connection.docker, LOCAL_STACK)).services : [];
    const wanted = services.filter((service) => name === undefined || service.name.startsWith(name));
    if (name !== undefined && name !== EMULATOR && wanted.length === 0) {
        const known = [EMULATOR, ...services.map((service) => service.name)].join(", ");
        throw new CommandError(
            Exit.usage,
            `"${name}" is not a service of the local environment`,
            `write one of ${known}`,
        );
    }
    if (name === undefined || name === EMULATOR) {
        heading(EMULATOR);
        if (readIfThere(localFiles.emulatorLog) !== undefined) {
            await pipeline(createReadStream(localFiles.emulatorLog), process.stdout, { end: false });
        }
    }
    if (connection.state === "running") {
        for (const service of wanted) {
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

import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { stderrProgress } from "../../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../../toolchain/index.ts";
import type { NetworkNamespace } from "./networkNamespace.ts";

/** RFC 863. */
const DISCARD_PORT = 9;
/** No packet is longer, not even one that the kernel has yet to cut to the link's size. Each slot of the buffer is as long as this. */
const SNAP_LENGTH = "65535";
/** Some 500 slots, in KiB. */
const BUFFER_KIB = "32768";
const LAST = "the last packet of this capture";

/** Everything that crosses a machine, whole, from when it was started. */
export interface Capture extends AsyncDisposable {
    /** Ends it; what has crossed until then, as the file that tcpdump writes. Rejects if anything of it was lost. */
    end(): Promise<Buffer>;
}

/** Starts to record every packet on every interface of a machine. Installs tcpdump where it is missing. */
export async function capture(machine: NetworkNamespace): Promise<Capture> {
    const wanted = { package: "tcpdump", programs: ["tcpdump"] } as const;
    const { tcpdump } = await ensurePrograms(wanted, { progress: stderrProgress() });
    const file = join(tmpdir(), `${machine.id}.pcap`);
    const listening = Promise.withResolvers<void>();
    const said: string[] = [];
    // As root to the end: the file's folder need not let another user write. Packet by packet, so that nothing waits for more.
    const args = [
        "-i",
        "any",
        "-n",
        "-s",
        SNAP_LENGTH,
        "-B",
        BUFFER_KIB,
        "-U",
        "--immediate-mode",
        "-Z",
        "root",
        "-w",
        file,
    ];
    const process = machine.start(tcpdump, args, {
        onLine: (line) => {
            said.push(line);
            if (line.includes("listening on")) listening.resolve();
        },
    });
    await Promise.race([
        listening.promise,
        process.ended.then((how) => Promise.reject(new Error(`tcpdump: ${how}\n${said.join("\n")}`))),
    ]);
    return {
        async end() {
            // Packets are recorded in order: once the last one is there, so is whatever came before.
            await machine.send({ host: "127.0.0.1", port: DISCARD_PORT }, LAST);
            await expect.poll(async () => (await readFile(file)).includes(LAST)).toBe(true);
            await process[Symbol.asyncDispose]();
            const dropped = said.find((line) => line.includes("dropped by kernel"));
            if (dropped !== "0 packets dropped by kernel") throw new Error(`it is not all there: ${dropped}`);
            return readFile(file);
        },
        async [Symbol.asyncDispose]() {
            await process[Symbol.asyncDispose]();
            await rm(file, { force: true });
        },
    };
}

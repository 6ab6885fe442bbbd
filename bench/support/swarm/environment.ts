import { readFileSync } from "node:fs";
import { join } from "node:path";
import { askEdge } from "../../../cli/edgeRequest.ts";
import type { LocalStatus } from "../../../cli/local/status.ts";
import { copyProject } from "../../../test/support/projectCopy.ts";

/** A local environment of the bench's own, and its edge as visitors see it. */
export interface BenchEnvironment extends AsyncDisposable {
    /** Folder of the project's copy that it runs from. */
    readonly folder: string;
    /** Status of a hostname's first page for somebody who is not logged in. */
    visit(hostname: string): Promise<number>;
}

/** Brings it up from a copy of the project, with one connector a service: as many as fit on the machine. */
export async function benchEnvironment(): Promise<BenchEnvironment> {
    const copy = copyProject();
    copy.edit("Pulumi.local.yaml", (text) => `${text}  sallyport:connector: { replicas: 1 }\n`);
    const run = async (args: string[]) => {
        const { exitCode, stdout, stderr } = await copy.sallyport(args);
        if (exitCode !== 0) throw new Error(`sallyport ${args.join(" ")} ended with ${exitCode}:\n${stderr}`);
        return String(stdout);
    };
    const down = async () => {
        await run(["local", "down"]);
        copy[Symbol.dispose]();
    };
    try {
        await run(["local", "up", "--yes"]);
        const { emulator } = JSON.parse(await run(["local", "status", "--json"])) as LocalStatus;
        const [host = "", port = ""] = emulator.https.split(":");
        const caPem = readFileSync(join(copy.folder, ".sallyport", "local", "edge-ca.pem"), "utf8");
        const edge = { host, port: Number(port), caPem };
        return {
            folder: copy.folder,
            visit: async (hostname) => (await askEdge({ edge }, { hostname, path: "/" })).status,
            [Symbol.asyncDispose]: down,
        };
    } catch (error) {
        await down();
        throw error;
    }
}

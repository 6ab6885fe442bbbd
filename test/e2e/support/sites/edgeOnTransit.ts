import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import type { CloudflareEdge } from "../../../../emulator/edge/index.ts";
import type { TwoSites } from "../twoSites.ts";
import type { NetworkNamespace } from "./networkNamespace.ts";

/** The transit's own address, which both sites reach. */
const EDGE = "203.0.113.1";
const CONNECTORS_PORT = 7844;
const HTTPS_PORT = 443;

/** An emulated edge as both sites see it. */
export interface EdgeOnTransit extends AsyncDisposable {
    /** Where connectors dial it. */
    readonly connectors: string;
    /** File with the authority that certifies it. */
    readonly caFile: string;
    /** Lets programs that are started on a machine from now on find names at the edge. */
    announce(machine: NetworkNamespace, ...names: string[]): Promise<void>;
}

/** Puts an edge, which listens on this machine's loopback alone, onto the Internet between the two sites. */
export async function edgeOnTransit(sites: TwoSites, edge: CloudflareEdge): Promise<EdgeOnTransit> {
    await using undo = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "sallyport-edge-"));
    undo.defer(() => rm(folder, { recursive: true }));
    const caFile = join(folder, "ca.pem");
    await writeFile(caFile, edge.caPem);
    await lead(sites.transit, undo, {
        port: CONNECTORS_PORT,
        socket: join(folder, "tunnels"),
        to: edge.tunnels.addresses[0],
    });
    await lead(sites.transit, undo, { port: HTTPS_PORT, socket: join(folder, "https"), to: edge.public.address });
    const kept = undo.move();
    return {
        connectors: `${EDGE}:${CONNECTORS_PORT}`,
        caFile,
        announce: async (machine, ...names) => {
            const own = join("/etc/netns", machine.id);
            await mkdir(own, { recursive: true });
            await writeFile(join(own, "hosts"), `127.0.0.1 localhost\n${EDGE} ${names.join(" ")}\n`);
            kept.defer(() => rm(own, { recursive: true, force: true }));
        },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}

async function lead(
    transit: NetworkNamespace,
    undo: AsyncDisposableStack,
    { port, socket, to = "" }: { port: number; socket: string; to: string | undefined },
): Promise<void> {
    const [host, inner] = to.split(":");
    const open = new Set<{ destroy(): void }>();
    const server = createServer({ allowHalfOpen: true }, (client) => {
        const target = connect({ host, port: Number(inner) });
        open.add(client.once("close", () => open.delete(client)));
        // Whatever ends one side ends the other; which of them it was does not matter.
        pipeline(client, target, client, () => {});
    });
    await new Promise<void>((listening) => server.listen(socket, listening));
    undo.defer(
        () =>
            new Promise<void>((closed) => {
                server.close(() => closed());
                for (const client of open) client.destroy();
            }),
    );
    const ready = Promise.withResolvers<void>();
    const script = join(import.meta.dirname, "edgeGate.ts");
    undo.use(transit.start(process.execPath, [script, EDGE, String(port), socket], { onLine: () => ready.resolve() }));
    await ready.promise;
}

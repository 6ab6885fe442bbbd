import { join } from "node:path";
import type { MadeService } from "../../../interconnect/support/mutualTls.ts";
import type { NetworkNamespace } from "./networkNamespace.ts";

const CLIENT = join(import.meta.dirname, "tlsClient.ts");
/** As long as a refusal by silence is waited for: four seconds in milliseconds, enough for an answer on a busy machine. */
const ANSWER_WITHIN_MS = 4_000;

/** What came of a connection: a line or why there was none, and the fingerprint of what the other side presented, empty if it did not get so far. */
export type Dialled = ({ line: string } | { refused: string }) & { peer: string };

/**
 * Dials a service past every proxy of its user, from a machine of one's choosing and with another service's certificate or none. Whoever answers is
 * believed: it is the other side that is to refuse.
 */
export async function tlsClient(
    machine: NetworkNamespace,
    target: { host: string; port: number; servername: string },
    identity: MadeService | undefined,
): Promise<Dialled> {
    const file = (name: string) =>
        [...(identity?.hosts[0]?.files ?? []), ...(identity?.secretFiles ?? [])].find(({ path }) => path.endsWith(name))
            ?.content;
    const options = {
        ...target,
        cert: file("/certificate.pem"),
        key: file("/key.pem"),
        rejectUnauthorized: false,
        withinMs: ANSWER_WITHIN_MS,
    };
    return JSON.parse(await machine.feed(JSON.stringify(options), process.execPath, CLIENT)) as Dialled;
}

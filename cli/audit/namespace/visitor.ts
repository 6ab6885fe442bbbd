/** Runs inside a container's network namespace (see visit.ts): an errand on stdin, its outcome on stdout. */
import { Resolver } from "node:dns/promises";
import { json } from "node:stream/consumers";
import { connect } from "node:tls";
import type { Errand, Handshake, HttpAnswer } from "./visit.ts";

/** Docker's own name server, the same in every container of a user-defined network. */
const DOCKER_DNS = "127.0.0.11";
const ANSWER_WITHIN_MS = 5_000;

async function run(errand: Errand): Promise<HttpAnswer | Handshake[]> {
    if (errand.kind === "http") {
        const answer = await fetch(errand.url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
        return { status: answer.status, body: await answer.text() };
    }
    const resolver = new Resolver({ timeout: ANSWER_WITHIN_MS, tries: 1 });
    resolver.setServers([DOCKER_DNS]);
    const addresses = await resolver.resolve4(errand.host);
    return Promise.all(addresses.map((address) => handshake(address, errand)));
}

function handshake(
    address: string,
    { port, serverName, caPem }: Extract<Errand, { kind: "certificates" }>,
): Promise<Handshake> {
    return new Promise((resolve) => {
        const socket = connect({ host: address, port, servername: serverName, ca: caPem, timeout: ANSWER_WITHIN_MS });
        const failed = (error: string) => {
            socket.destroy();
            resolve({ address, error });
        };
        socket.once("error", ({ message }) => failed(message));
        socket.once("timeout", () => failed("does not answer"));
        socket.once("secureConnect", () => {
            const { valid_to: ends } = socket.getPeerCertificate();
            socket.destroy();
            resolve({ address, ends });
        });
    });
}

const outcome = await run((await json(process.stdin)) as Errand).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
);
process.stdout.write(JSON.stringify(outcome));

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import type { CloudflareEmulator } from "../../../emulator/index.ts";

/** Stands between a provider and the emulator, and looks at the account after each call that may change it. */
export interface Witness extends AsyncDisposable {
    readonly apiBaseUrl: string;
}

/** By the other headers the connection is told about, which is another one here. */
const KEPT: ReadonlySet<string> = new Set(["content-type", "retry-after", "retry-after-ms", "x-should-retry"]);

/**
 * Changes go through one after the other, so that no state of the account goes unseen.
 *
 * @param look Called after each change, with the call that made it.
 */
export async function openWitness(emulator: CloudflareEmulator, look: (call: string) => void): Promise<Witness> {
    let last: Promise<unknown> = Promise.resolve();
    const server = createServer(async (request, response) => {
        const body = await textOf(request);
        const pass = async () => {
            const { method = "GET", url = "/", headers } = request;
            const answer = await fetch(new URL(url, emulator.apiBaseUrl), {
                method,
                headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
                ...(body === "" ? {} : { body }),
            });
            if (method !== "GET") look(`${method} ${url}`);
            const text = await answer.text();
            response.writeHead(
                answer.status,
                Object.fromEntries([...answer.headers].filter(([name]) => KEPT.has(name))),
            );
            response.end(text);
        };
        last = last.then(pass, pass);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
        apiBaseUrl: `http://127.0.0.1:${port}/client/v4`,
        [Symbol.asyncDispose]: async () => {
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
        },
    };
}

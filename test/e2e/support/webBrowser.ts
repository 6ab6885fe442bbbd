import { request } from "node:https";
import { text } from "node:stream/consumers";
import { type Answered, ScriptlessBrowser, type Sent } from "../../support/scriptlessBrowser.ts";
import type { ProtectedAccount } from "./protectedAccount.ts";

/** A browser without scripts on a machine that trusts the edge's CA and finds all names at the edge. */
export class WebBrowser extends ScriptlessBrowser<Answered> {
    readonly #account: ProtectedAccount;

    constructor(account: ProtectedAccount) {
        super();
        this.#account = account;
    }

    protected answer({ url, method, headers, body }: Sent): Promise<Answered> {
        const { port, edge } = this.#account;
        return new Promise((resolve, reject) => {
            const outgoing = request({
                ...{ host: "127.0.0.1", port, servername: url.hostname, ca: edge.caPem, agent: false },
                ...{ method, path: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host } },
            });
            outgoing.once("error", reject);
            outgoing.once("response", (response) => {
                text(response).then((received) => {
                    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received });
                }, reject);
            });
            outgoing.end(body);
        });
    }
}

import type { EdgeSite, GateResponse } from "../../accessGate.ts";
import { publicKeyPattern } from "./sealedBox.ts";
import type { Transfers } from "./transfers.ts";

/** The one name under which cloudflared asks, whatever the team (cloudflared's token/transfer.go). */
const hostname = "login.cloudflareaccess.org";

/** How long a question may stay open: cloudflared gives up after a minute, and asks ten times. */
const longestWaitMs = 50_000;

const prefix = "/transfer/";

/** Where `cloudflared access` waits for the tokens of the person who logs in with the browser that it opened. */
export function transferSite(transfers: Transfers): EdgeSite {
    return {
        hostnames: [hostname],
        async handle({ path, method, signal }): Promise<GateResponse> {
            const recipient = path.slice(prefix.length).replace(/%3d$/i, "=");
            if (method !== "GET" || !path.startsWith(prefix) || !publicKeyPattern.test(recipient)) {
                return text(404, "No such resource.\n", "not a transfer");
            }
            const waiting = AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]);
            const sealed = await transfers.take(recipient, waiting);
            if (sealed === undefined) {
                return text(404, "Nobody has handed this over yet.\n", "a command line that waits for a login");
            }
            const answer = text(200, sealed.text, "a login, handed over to the command line");
            return { ...answer, headers: { ...answer.headers, "service-public-key": sealed.publicKey } };
        },
    };
}

function text(status: number, body: string, rule: string): GateResponse {
    return {
        status,
        headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
        body,
        rule,
    };
}

import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";

/** How long an official source may take to show that it can be reached, redirections included: three seconds in milliseconds. */
const ANSWER_WITHIN_MS = 3_000;

const MOST_REDIRECTIONS = 5;

/** Whether a URL can be fetched from here, and the reason if it cannot, as the end of a sentence: `github.com cannot be resolved`. */
export type Reached = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Answers whether a URL can be fetched; never rejects. */
export type Reach = (url: string) => Promise<Reached>;

/**
 * A {@link Reach} that asks each host once and remembers the answer, so that a run on a machine without the Internet pays for
 * noticing it once. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as the installers do.
 */
export function rememberedReach(answerWithinMs = ANSWER_WITHIN_MS): Reach {
    const answers = new Map<string, Promise<Reached>>();
    return (url) => {
        const { host } = new URL(url);
        const known = answers.get(host) ?? probe(url, answerWithinMs);
        answers.set(host, known);
        return known;
    };
}

/** The process's own {@link Reach}. */
export const reach: Reach = rememberedReach();

async function probe(url: string, answerWithinMs: number): Promise<Reached> {
    // One limit for the lookup, the connection, the handshake and every redirection: a host that swallows packets
    // otherwise costs two minutes.
    const signal = AbortSignal.timeout(answerWithinMs);
    let at = new URL(url);
    try {
        for (let hops = 0; hops <= MOST_REDIRECTIONS; hops++) {
            const { statusCode = 0, headers } = await head(at, signal);
            if (statusCode >= 200 && statusCode < 300) return { ok: true };
            if (statusCode < 300 || statusCode >= 400 || !headers.location) {
                return { ok: false, why: `${at.host} answers ${statusCode}` };
            }
            at = new URL(headers.location, at);
        }
        return { ok: false, why: `${at.host} redirects without end` };
    } catch (error) {
        return { ok: false, why: reason(error, at.host, signal.aborted ? answerWithinMs : undefined) };
    }
}

function head(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const secure = url.protocol === "https:";
    // An agent of its own: a kept connection would keep the process from ending.
    const agent = secure ? new HttpsAgent({ proxyEnv: process.env }) : new HttpAgent({ proxyEnv: process.env });
    return new Promise((resolve, reject) => {
        const asked = (secure ? overHttps : overHttp)(url, { method: "HEAD", agent, signal }, (answer) => {
            answer.destroy();
            resolve(answer);
        });
        asked.on("error", reject).end();
    });
}

function reason(error: unknown, host: string, timedOutAfterMs: number | undefined): string {
    if (timedOutAfterMs !== undefined) return `${host} does not answer within ${timedOutAfterMs / 1000} s`;
    const { code, message, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
    switch (code) {
        case "ENOTFOUND":
        case "EAI_AGAIN":
            return `${host} cannot be resolved`;
        case "ECONNREFUSED":
            // The proxy's address where there is one.
            return `${host} cannot be reached (${address}:${port} refuses the connection)`;
        case "ERR_PROXY_TUNNEL":
            return `the proxy does not let through to ${host}`;
        default:
            return `${host} cannot be reached (${code ?? message})`;
    }
}

import { Agent as HttpAgent, request as overHttp } from "node:http";
import { Agent as HttpsAgent, request as overHttps } from "node:https";

/** More than a catalogue of thousands of clusters: bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface GetOptions {
    readonly signal: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
    /** Authority of a private server, as PEM; the system's and Node's own where omitted. */
    readonly caPem?: string | undefined;
}

/** An answer other than 200; the message tells what the server said, not what was sent. */
export class AnswerError extends Error {
    override readonly name = "AnswerError";
    readonly status: number;
    /** What the server said about it; empty if nothing. */
    readonly words: string;

    constructor(url: URL, status: number, words: string) {
        super(`${url.origin}${url.pathname} answers ${status}${words && `: ${words}`}`);
        this.status = status;
        this.words = words;
    }
}

/**
 * Gets a JSON document. Redirections are not followed: what is sent along is meant for that server alone. Proxies are taken from HTTPS_PROXY,
 * HTTP_PROXY and NO_PROXY. `fetch` is not used because it takes an authority from the process's environment only.
 *
 * @throws AnswerError for any answer but 200.
 */
export async function getJson(address: string, { signal, headers = {}, caPem }: GetOptions): Promise<unknown> {
    const url = new URL(address);
    const text = await get(url, { signal, headers, caPem });
    try {
        return JSON.parse(text);
    } catch {
        throw new Error(`${url.origin}${url.pathname} does not answer with JSON`);
    }
}

function get(url: URL, { signal, headers = {}, caPem }: GetOptions): Promise<string> {
    const secure = url.protocol === "https:";
    const proxied = { proxyEnv: process.env };
    // An agent of its own: a kept connection would keep the process from ending.
    const agent = secure ? new HttpsAgent(proxied) : new HttpAgent(proxied);
    const ca = caPem === undefined ? {} : { ca: caPem };
    return new Promise((resolve, reject) => {
        const sent = (secure ? overHttps : overHttp)(
            url,
            { headers: { accept: "application/json", ...headers }, agent, signal, ...ca },
            (answer) => {
                const { statusCode: status = 0, headers: answered } = answer;
                let size = 0;
                const parts: Buffer[] = [];
                answer.on("data", (part: Buffer) => {
                    size += part.length;
                    if (size > MOST_BYTES) {
                        answer.destroy(new Error(`${url.host} answers with more than ${MOST_BYTES} bytes`));
                    }
                    parts.push(part);
                });
                answer.on("error", reject);
                answer.on("end", () => {
                    const text = Buffer.concat(parts).toString("utf8");
                    if (status === 200) {
                        resolve(text);
                    } else {
                        reject(new AnswerError(url, status, wordsIn(text, answered.location)));
                    }
                });
            },
        );
        sent.on("error", reject).end();
    });
}

/** Where it sends one to, or the errors that Vault and most other APIs list. */
function wordsIn(text: string, location: string | undefined): string {
    if (location !== undefined) {
        return `it redirects to ${location}; write that address`;
    }
    try {
        const { errors } = JSON.parse(text) as { errors?: unknown };
        return Array.isArray(errors) ? errors.filter((one) => typeof one === "string").join("; ") : "";
    } catch {
        return "";
    }
}

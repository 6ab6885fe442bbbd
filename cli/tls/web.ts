import { type IncomingMessage, request as requestPlainly } from "node:http";
import { request } from "node:https";
import { isIP } from "node:net";
import type { TlsTarget } from "./handshake.ts";

const ANSWER_WITHIN_MS = 10_000;

/** What a web server says beside its certificate. */
export interface WebAnswers {
    readonly strictTransportSecurity: string | undefined;
    /** The answer over plain HTTP, or why there is none; undefined where it was not asked. */
    readonly plain:
        | { readonly status: number; readonly location: string | undefined }
        | { readonly error: string }
        | undefined;
}

/**
 * Asks for `/`, over TLS and, where a port is named, over plain HTTP.
 *
 * @returns undefined where the server speaks TLS but no HTTP.
 */
export async function webAnswers(target: TlsTarget, plainPort: number | undefined): Promise<WebAnswers | undefined> {
    const [secure, plain] = await Promise.all([
        get(target, undefined),
        plainPort === undefined ? undefined : get(target, plainPort),
    ]);
    if ("error" in secure) return undefined;
    return {
        strictTransportSecurity: secure.headers["strict-transport-security"],
        plain:
            plain === undefined || "error" in plain
                ? plain
                : { status: plain.statusCode ?? 0, location: plain.headers.location },
    };
}

function get(
    { address, port, serverName }: TlsTarget,
    plainPort: number | undefined,
): Promise<IncomingMessage | { error: string }> {
    const common = { host: address, path: "/", headers: { host: serverName }, agent: false, timeout: ANSWER_WITHIN_MS };
    return new Promise((resolve) => {
        // The certificate is judged elsewhere: here only the headers are read.
        const secure = {
            port,
            rejectUnauthorized: false,
            ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
        };
        const sent =
            plainPort === undefined
                ? request({ ...common, ...secure })
                : requestPlainly({ ...common, port: plainPort });
        sent.once("response", (response) => {
            response.destroy();
            resolve(response);
        });
        sent.once("timeout", () => sent.destroy(new Error("it does not answer")));
        sent.once("error", (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? error.message }));
        sent.end();
    });
}

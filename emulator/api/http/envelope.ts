import type { ApiError } from "./apiError.ts";
import type { Answer } from "./endpoint.ts";

// Exactly this, without a character set: cloudflared compares the header as a whole before it reads an error.
const json = "application/json";

/** An answer in the v4 envelope. */
export function success({ result, info, messages }: Answer): Response {
    const body = { success: true, errors: [], messages: messages ?? [], result, result_info: info };
    return new Response(JSON.stringify(body), { headers: { "content-type": json } });
}

/** A refusal in the v4 envelope. */
export function failure(error: ApiError): Response {
    const body = { success: false, errors: error.errors, messages: [], result: null };
    return new Response(JSON.stringify(body), {
        status: error.status,
        headers: { "content-type": json, ...error.headers },
    });
}

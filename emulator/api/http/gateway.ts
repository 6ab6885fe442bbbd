import { setTimeout as sleep } from "node:timers/promises";
import type { Http2Bindings, HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ApiError } from "./apiError.ts";
import { failure } from "./envelope.ts";
import type { Fault, Faults } from "./faults.ts";
import { type RateLimiter, retryHeaders } from "./rateLimit.ts";
import type { RequestLog } from "./requestLog.ts";

/** What the gateway hands to a route: the decoded body of the request. */
export interface RouteBindings {
    readonly body: unknown;
}

/** The connection that a request came over, as the HTTP adaptor hands it on. */
export type Connection = HttpBindings | Http2Bindings;

/** Answers requests that the gateway let through. */
export type Routes = (request: Request, bindings: RouteBindings) => Response | Promise<Response>;

/** What stands between the network and the routes. */
export interface GatewayParts {
    /** Below this path lies the API; only there are requests limited, struck by faults and logged. */
    readonly basePath: string;
    readonly routes: Routes;
    /** @throws ApiError when the credentials are not the emulator's. */
    readonly authenticate: (headers: Headers, path: string) => void;
    readonly limiter: RateLimiter | undefined;
    readonly faults: Faults;
    readonly log: RequestLog;
    readonly clock: () => Date;
    /** Resolves when every change that was made so far is kept. */
    readonly kept: () => Promise<void>;
    /** Aborted when the emulator stops: an answer that is held back is then given up. */
    readonly stopping: AbortSignal;
}

/** One request on its way through the gateway. */
interface Passage {
    readonly request: Request;
    readonly connection: Connection;
    readonly path: string;
    body: unknown;
}

/**
 * The way in, the same for every request: credentials, rate limit, body, fault, route, and at the end the log. A
 * change is answered only when it is kept: what a client was told survives a kill.
 */
export function createGateway(parts: GatewayParts): (request: Request, connection: Connection) => Promise<Response> {
    return async (request, connection) => {
        const { pathname, search } = new URL(request.url);
        const isApi = pathname.startsWith(`${parts.basePath}/`);
        const path = isApi ? pathname.slice(parts.basePath.length) : pathname;
        const passage: Passage = { request, connection, path, body: undefined };
        const time = parts.clock();
        const started = performance.now();
        let response: Response;
        try {
            response = await (isApi ? admitted(passage, parts) : authenticated(passage, parts));
        } catch (error) {
            response = error === dropped ? RESPONSE_ALREADY_SENT : failure(apiErrorOf(error));
        }
        if (isApi) {
            parts.log.add({
                time,
                method: request.method,
                path: `${path}${search}`,
                body: passage.body,
                status: response === RESPONSE_ALREADY_SENT ? 0 : response.status,
                durationMs: performance.now() - started,
                userAgent: request.headers.get("user-agent") ?? undefined,
            });
        }
        return response;
    };
}

/** A refusal as it is; anything else is a mistake of the emulator's own, said as such. */
export function apiErrorOf(error: unknown): ApiError {
    if (error instanceof ApiError) {
        return error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    return new ApiError(500, { code: 500, message: `The emulator failed: ${reason}` });
}

async function authenticated(passage: Passage, parts: GatewayParts): Promise<Response> {
    parts.authenticate(passage.request.headers, passage.path);
    return routed(passage, parts);
}

async function admitted(passage: Passage, parts: GatewayParts): Promise<Response> {
    parts.authenticate(passage.request.headers, passage.path);
    parts.limiter?.admit();
    const fault = parts.faults.strike(passage.request.method, passage.path);
    if (fault?.when === "before") {
        await commit(fault, passage, parts);
    }
    const response = await routed(passage, parts);
    if (fault?.when === "after") {
        await commit(fault, passage, parts);
    }
    return response;
}

async function routed(passage: Passage, parts: GatewayParts): Promise<Response> {
    const text = await passage.request.text();
    passage.body = text === "" ? undefined : parseJson(text);
    const response = await parts.routes(passage.request, { body: passage.body });
    if (passage.request.method !== "GET") {
        await parts.kept();
    }
    return response;
}

const dropped = Symbol("dropped connection");

/** Lets a fault happen: returns after a delay, throws for the two others. */
async function commit(
    { outcome }: Pick<Fault, "outcome">,
    { connection }: Passage,
    parts: GatewayParts,
): Promise<void> {
    switch (outcome.kind) {
        case "delay":
            await sleep(outcome.ms, undefined, { signal: parts.stopping }).catch(() => {
                throw dropped;
            });
            return;
        case "drop":
            connection.incoming.socket.destroy();
            throw dropped;
        case "status": {
            const { status, code = status, message = "Fault injected", retryAfterMs } = outcome;
            throw new ApiError(
                status,
                { code, message },
                retryAfterMs === undefined ? {} : { "x-should-retry": "true", ...retryHeaders(retryAfterMs) },
            );
        }
    }
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new ApiError(400, { code: 6007, message: "Malformed JSON in request body" });
    }
}

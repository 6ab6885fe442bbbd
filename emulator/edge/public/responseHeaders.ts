import type { IncomingHttpHeaders } from "node:http2";
import { namedByConnection } from "./requestHeaders.ts";

/** Response headers by lower-case name; a name that came several times has its values in their order. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[]>>;

/** An answer as the connector hands it over. */
export interface ConnectorAnswer {
    readonly status: number;
    /** The origin's headers, less those about its connection. */
    readonly headers: ResponseHeaders;
    /** True when the answer is not the origin's: the connector could not get one. */
    readonly isConnectorFailure: boolean;
    /** True when the origin has become a WebSocket, which the connector reports as a 200. */
    readonly isWebSocket: boolean;
}

/** The connector's answer breaks the protocol between connector and edge. */
export class MalformedAnswerError extends Error {
    override readonly name = "MalformedAnswerError";
}

const USER_HEADERS = "cf-cloudflared-response-headers";
const META = "cf-cloudflared-response-meta";
/** What cloudflared says of nearly every answer. */
const FROM_ORIGIN = '{"src":"origin"}';

const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"]);

/** Names of which HTTP/2 has one at most, where a careless origin sends two. */
const SINGLE = new Set([
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "location",
    "server",
    "age",
]);

/** RFC 9110, section 5: what a field's name and value may consist of, so that no line break gets through. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Reads the headers of a response stream. All that the origin sent is inside one header, as pairs `base64(name):base64(value)`
 * without padding, joined by `;`; the headers around it are the connector's own (cloudflared's connection/header.go).
 *
 * @throws MalformedAnswerError
 */
export function readConnectorAnswer(received: IncomingHttpHeaders): ConnectorAnswer {
    const all = decodeUserHeaders(String(received[USER_HEADERS] ?? ""));
    const named = namedByConnection(all.get("connection")?.join(","));
    const headers: Record<string, string | string[]> = {};
    for (const [name, values] of all) {
        if (!HOP_BY_HOP.has(name) && !named.has(name) && !name.startsWith("cf-cloudflared-")) {
            headers[name] = values.length === 1 || SINGLE.has(name) ? (values[0] ?? "") : values;
        }
    }
    const upgrade = all.get("upgrade")?.some((value) => value.toLowerCase() === "websocket") ?? false;
    return {
        status: Number(received[":status"]),
        headers,
        isConnectorFailure: sourceOf(received[META]) === "cloudflared",
        isWebSocket: upgrade && all.has("sec-websocket-accept"),
    };
}

function decodeUserHeaders(serialized: string): Map<string, string[]> {
    const headers = new Map<string, string[]>();
    for (const pair of serialized === "" ? [] : serialized.split(";")) {
        const colon = pair.indexOf(":");
        if (colon <= 0 || pair.indexOf(":", colon + 1) >= 0) {
            throw new MalformedAnswerError("a response header that is not a pair of name and value");
        }
        const key = decodeName(pair.slice(0, colon));
        const text = decode(pair.slice(colon + 1));
        if (!FIELD_VALUE.test(text)) {
            throw new MalformedAnswerError("a response header that HTTP does not allow");
        }
        const values = headers.get(key);
        if (values === undefined) {
            headers.set(key, [text]);
        } else {
            values.push(text);
        }
    }
    return headers;
}

/** Names that were good, as they came: origins send the same few with every answer. */
const knownNames = new Map<string, string>();
const MAX_KNOWN_NAMES = 1000;

function decodeName(encoded: string): string {
    const known = knownNames.get(encoded);
    if (known !== undefined) {
        return known;
    }
    const name = decode(encoded).toLowerCase();
    if (!TOKEN.test(name)) {
        throw new MalformedAnswerError("a response header that HTTP does not allow");
    }
    if (knownNames.size < MAX_KNOWN_NAMES) {
        knownNames.set(encoded, name);
    }
    return name;
}

/** Header values are bytes, which node:http takes as Latin-1. */
function decode(text: string): string {
    if (!/^[A-Za-z0-9+/]*$/.test(text)) {
        throw new MalformedAnswerError("a response header that is not base64");
    }
    return Buffer.from(text, "base64").toString("latin1");
}

function sourceOf(meta: string | string[] | undefined): unknown {
    if (meta === FROM_ORIGIN) {
        return "origin";
    }
    try {
        return JSON.parse(String(meta ?? "{}"))?.src;
    } catch {
        throw new MalformedAnswerError("response metadata that is not JSON");
    }
}

/** What a line of `cloudflared access tcp` tells, as far as a person at the terminal must know it. */
export type AccessNews =
    /** Somebody must log in there; cloudflared has tried to open a browser. */
    | { readonly kind: "login"; readonly url: string }
    /** A client's connection came to nothing. */
    | { readonly kind: "failed"; readonly error: string };

/** The line with the address of a login stands by itself (cloudflared, `token/transfer.go`). */
const LOGIN = /^\s*(https:\/\/\S+\/cdn-cgi\/access\/cli\?\S+)\s*$/;
/** zerolog's form of an error, quoted where it has spaces (cloudflared, `carrier/websocket.go`). */
const FAILED = /failed to connect to origin.*? error=(?:"((?:[^"\\]|\\.)*)"|(\S+))/;

/** The news in a line of the log; undefined for all the rest. */
export function readAccessLog(line: string): AccessNews | undefined {
    const url = LOGIN.exec(line)?.[1];
    if (url !== undefined) {
        return { kind: "login", url };
    }
    const failed = FAILED.exec(line);
    return failed === null
        ? undefined
        : { kind: "failed", error: (failed[1] ?? failed[2] ?? "").replaceAll('\\"', '"') };
}

/** cloudflared's word for every answer that is not a WebSocket: it does not say which it was. */
export const BAD_HANDSHAKE = "websocket: bad handshake";

/** What an answer of the edge means to somebody who wanted a connection. */
export function explainAnswer(
    { status, location }: { status: number; location: string | undefined },
    hasToken: boolean,
): string {
    if (status === 302 && location?.includes("/cdn-cgi/access/login")) {
        return hasToken
            ? "Access does not take the service token here and asks for a login; add the token to an audience of the app"
            : "Access asks for a login, and the one that was made is not enough";
    }
    if (status === 401 || status === 403) {
        const who = hasToken ? "the service token (wrong, expired, or in no audience of the app)" : "you";
        return `Access refuses ${who}: ${status}`;
    }
    const meaning: Readonly<Record<number, string>> = {
        404: "no ingress rule leads from the hostname to a service",
        502: "the connector does not reach the service behind it",
        530: "no connector of the hostname's tunnel is connected",
    };
    return `${meaning[status] ?? "the edge does not make a connection of it"}: ${status}`;
}

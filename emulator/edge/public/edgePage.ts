/** An answer of the edge's own that says why there is none from the origin. */
export interface EdgePage {
    readonly status: number;
    /** Cloudflare's 1xxx number, where it has one for the case. */
    readonly code?: number | undefined;
    readonly title: string;
    /** What happened, then what to do about it; plain text. */
    readonly explanation: string;
}

/** Cloudflare's numbers and titles: developers.cloudflare.com/support/troubleshooting/http-status-codes. */
export const EdgePages = {
    badRequest: (mistake: string) => ({ status: 400, title: "Bad request", explanation: mistake }),
    noGate: {
        status: 403,
        title: "Access is not set up",
        explanation: "This edge runs without Access and lets nothing pass. Start it with an Access gate.",
    },
    notFound: {
        status: 404,
        title: "Not found",
        explanation: "Paths below /cdn-cgi/ are the edge's own, and there is nothing at this one.",
    },
    methodNotAllowed: {
        status: 405,
        title: "Method not allowed",
        explanation: "The edge is not a forward proxy and makes no tunnels for CONNECT.",
    },
    bodyTooLarge: {
        status: 413,
        title: "Request body too large",
        explanation: "Pages of the edge's own take forms of 64 KiB at most.",
    },
    urlTooLong: { status: 414, title: "URL too long", explanation: "Path and query may have 16 KiB together." },
    misdirected: {
        status: 421,
        title: "Misdirected request",
        explanation:
            "The request names a host that this TLS connection was not opened for. Open a connection of its own.",
    },
    headersTooLarge: {
        status: 431,
        title: "Request headers too large",
        explanation:
            "All headers of a request may have 128 KiB together. Cookies are the usual cause: delete this site's.",
    },
    gateFailed: {
        status: 500,
        title: "Access failed",
        explanation: "Access could not decide about this request, so it was refused. The emulator's log says why.",
    },
    badGateway: {
        status: 502,
        title: "Bad gateway",
        explanation:
            "The connector could not get an answer from the service behind it. Check that the service runs, and the " +
            "connector's log for what it says about this Ray ID.",
    },
    connectionLost: {
        status: 502,
        title: "Bad gateway",
        explanation: "The connection to the connector was lost before the answer came. Try again.",
    },
    unknownError: {
        status: 520,
        title: "Web server is returning an unknown error",
        explanation: "The answer that came through the tunnel cannot be passed on: it is not valid HTTP.",
    },
    timedOut: {
        status: 524,
        title: "A timeout occurred",
        explanation: "The service behind the connector did not answer in time.",
    },
    unknownHost: {
        status: 530,
        code: 1016,
        title: "Origin DNS error",
        explanation:
            "No proxied DNS record leads from this name to a tunnel. Add the hostname to the stack's applications.",
    },
    noConnector: {
        status: 530,
        code: 1033,
        title: "Cloudflare Tunnel error",
        explanation: "No connector of this name's tunnel is connected. Start cloudflared, or check its log.",
    },
} as const satisfies Record<string, EdgePage | ((mistake: string) => EdgePage)>;

/** The page as HTML: readable without style sheets, scripts or images. */
export function renderEdgePage(page: EdgePage, ray: string, hostname: string): string {
    const number = page.code === undefined ? `${page.status}` : `${page.code}`;
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(`${page.title} | ${hostname}`)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}dt{font-weight:600}</style>
</head>
<body>
<main>
<h1>Error ${number}: ${escapeHtml(page.title)}</h1>
<p>${escapeHtml(page.explanation)}</p>
<dl>
<dt>Host</dt><dd>${escapeHtml(hostname)}</dd>
<dt>Ray ID</dt><dd>${escapeHtml(ray)}</dd>
</dl>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
    return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

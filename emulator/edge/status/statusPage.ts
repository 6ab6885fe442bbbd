import { readFileSync } from "node:fs";
import { html } from "hono/html";
import type { HostnameOverview, TunnelOverview } from "../../accountOverview.ts";
import { type PublicRequestEvent, RequestVerdict } from "../../edgeControls.ts";
import { baseStyle, documentHeaders, type Html, type PageDesign, renderDocument } from "../pages/document.ts";

/** How many requests the page shows. */
export const SHOWN_REQUESTS = 200;
/** How often the page reloads itself where no script runs, in seconds. */
const RELOAD_SECONDS = 5;

/** A hostname with what guards it. */
export interface GuardedHostname extends HostnameOverview {
    /** Where a browser reaches it; undefined for a wildcard. */
    readonly url: string | undefined;
    readonly tunnelName: string;
    readonly applications: readonly {
        readonly name: string;
        /** Hostname and path that it is on. */
        readonly domain: string;
        /** In words. */
        readonly policies: readonly string[];
    }[];
}

export interface StatusDetails {
    readonly tunnels: readonly TunnelOverview[];
    readonly hostnames: readonly GuardedHostname[];
}

const design: PageDesign = {
    style: `${baseStyle}
body { margin: 0 auto; max-width: 90rem; padding: 1rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { font-size: .875rem; padding: .25rem 0; text-align: left; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
td code, time { white-space: nowrap; }
.rule { min-width: 16rem; }
td ul { list-style: none; margin: 0; padding: 0; }
.took { white-space: nowrap; }
.path { overflow-wrap: anywhere; }
.verdict { border-left: .25rem solid; font-weight: 600; padding-left: .5rem; white-space: nowrap; }
.allowed, .healthy { color: light-dark(#14652f, #7ddf9b); }
.refused, .error, .unguarded, .down { color: light-dark(#a3121f, #ff9a9f); }
.login, .degraded, .inactive { color: light-dark(#7a4b00, #f3c36b); }
`,
    script: readFileSync(new URL("./browser/live.js", import.meta.url), "utf8"),
    footer: "This is the edge of Sallyport's local Cloudflare, on this machine and for it alone. Queries, headers and cookies of requests are neither kept nor shown.",
};

export const statusPageHeaders = documentHeaders(design);

/** The whole page, with what is known now. @param requests oldest first. */
export async function renderStatusPage(
    details: StatusDetails,
    requests: readonly PublicRequestEvent[],
): Promise<string> {
    const shown = requests.slice(-SHOWN_REQUESTS).reverse();
    return renderDocument(
        "Sallyport's local edge",
        html`<div id="overview">
${overview(details)}
</div>
<h2>Requests</h2>
<p id="state" role="status" class="hint"></p>
<noscript><p class="hint">The page reloads itself every ${RELOAD_SECONDS} seconds. <a href="/">Reload now</a></p></noscript>
${scrolling("Requests")}<table>
<caption>The last ${SHOWN_REQUESTS} requests from outside, the newest first, each with the Access rule that decided.</caption>
<thead><tr>${headings("Time", "Host", "Request", "Verdict", "Status", "Who", "Rule", "Took", "Connector", "Ray ID")}</tr></thead>
<tbody id="requests" aria-live="polite" aria-relevant="additions" data-kept="${SHOWN_REQUESTS}" data-newest="${shown[0]?.ray ?? ""}">
${shown.map(requestRow)}</tbody>
</table></div>`,
        design,
        html`<noscript><meta http-equiv="refresh" content="${RELOAD_SECONDS}"></noscript>
`,
    );
}

/** The part of the page about tunnels and hostnames. */
export async function renderOverview(details: StatusDetails): Promise<string> {
    return (await overview(details)).toString();
}

/** One request's row. */
export async function renderRequest(event: PublicRequestEvent): Promise<string> {
    return (await requestRow(event)).toString();
}

function overview({ tunnels, hostnames }: StatusDetails): Html {
    return html`<h2>Tunnels</h2>
${scrolling("Tunnels")}<table>
<caption>Each tunnel with the connectors that have dialled in.</caption>
<thead><tr>${headings("Tunnel", "Status", "Connectors", "ID")}</tr></thead>
<tbody>
${tunnels.length === 0 ? emptyRow(4, "No tunnel has been made yet.") : tunnels.map(tunnelRow)}</tbody>
</table></div>
<h2>Hostnames</h2>
${scrolling("Hostnames")}<table>
<caption>Each hostname that leads to a tunnel, and who may enter.</caption>
<thead><tr>${headings("Hostname", "Tunnel", "Access application", "Policies")}</tr></thead>
<tbody>
${hostnames.length === 0 ? emptyRow(4, "No DNS record leads to a tunnel yet.") : hostnames.map(hostnameRows)}</tbody>
</table></div>`;
}

function tunnelRow({ id, name, status, connectors }: TunnelOverview): Html {
    return html`<tr><th scope="row">${name}</th><td><span class="verdict ${status}">${status}</span></td><td>${
        connectors.length === 0
            ? "none"
            : html`<ul>${connectors.map((connector) => html`<li><code>${short(connector.id)}</code> cloudflared ${connector.version} ${connector.arch}, ${counted(connector.connections.length, "connection")}</li>`)}</ul>`
    }</td><td><code>${id}</code></td></tr>
`;
}

/** One row for each application; a hostname without any has one that says so. */
function hostnameRows({ hostname, url, tunnelName, applications }: GuardedHostname): Html {
    const name = url === undefined ? html`${hostname}` : html`<a href="${url}">${hostname}</a>`;
    const start = html`<tr><th scope="row">${name}</th><td>${tunnelName}</td>`;
    return applications.length === 0
        ? html`${start}<td colspan="2"><span class="verdict ${RequestVerdict.Unguarded}">none: the edge asks nobody who they are</span></td></tr>
`
        : html`${applications.map(
              (application) => html`${start}<td>${application.name}${
                  application.domain === hostname ? "" : html` <span class="hint">on ${application.domain}</span>`
              }</td><td>${
                  application.policies.length === 0
                      ? "none: nobody may enter"
                      : html`<ul>${application.policies.map((words) => html`<li>${words}</li>`)}</ul>`
              }</td></tr>
`,
          )}`;
}

function requestRow(event: PublicRequestEvent): Html {
    const { time, hostname, method, path, verdict, status, problem, who, rule, durationMs, connectorId, ray } = event;
    return html`<tr><td><time datetime="${time.toISOString()}">${time.toTimeString().slice(0, 8)}</time></td><td>${hostname}</td><td class="path">${method} ${path}</td><td><span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span></td><td>${status}${problem === undefined ? "" : html` <span class="hint">${problem}</span>`}</td><td>${who ?? ""}</td><td class="rule">${rule}</td><td class="took">${durationMs} ms</td><td>${connectorId === undefined ? "" : html`<code>${short(connectorId)}</code>`}</td><td><code>${ray}</code></td></tr>
`;
}

/** Verdicts for people who see one for the first time. */
const VERDICT_WORDS: Readonly<Record<RequestVerdict, string>> = {
    allowed: "let in",
    unguarded: "let in unasked",
    login: "sent to log in",
    refused: "refused",
    page: "page of Access",
    error: "turned away",
};

/** Opens a region that scrolls sideways where the window is narrow, with the keyboard, too. */
const scrolling = (label: string): Html => html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">`;

const headings = (...names: string[]): Html => html`${names.map((name) => html`<th scope="col">${name}</th>`)}`;

const emptyRow = (columns: number, text: string): Html => html`<tr><td colspan="${columns}">${text}</td></tr>
`;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Enough of an id to tell a handful apart. */
const short = (id: string): string => id.slice(0, 8);

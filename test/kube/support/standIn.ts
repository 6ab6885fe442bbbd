import { createServer, type RequestListener } from "node:http";
import { listenOnLoopback } from "../../e2e/support/listenOnLoopback.ts";

/** One answer of a cloud's API. */
export interface Recorded {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** Takes the request, calls this and never answers. */
    readonly hangs?: () => void;
}

/** What stands in for a cloud's API: answers by method and path, in their order; the last one holds. Anything else is a 404. */
export type Recording = Readonly<Record<string, Recorded | readonly Recorded[]>>;

export interface StandIn extends AsyncDisposable {
    readonly url: string;
    /** What was asked: method, path and query. */
    readonly requests: string[];
}

/** Plays a recording over HTTP on loopback. */
export async function standIn(recording: Recording): Promise<StandIn> {
    const { listener, requests } = player(recording);
    const service = await listenOnLoopback(createServer(listener));
    return Object.assign(service, { url: `http://127.0.0.1:${service.port}`, requests });
}

/** What answers by a recording. */
export function player(recording: Recording): { listener: RequestListener; requests: string[] } {
    const left = new Map(Object.entries(recording).map(([request, answers]) => [request, [answers].flat()]));
    const requests: string[] = [];
    const listener: RequestListener = ({ method, url = "" }, response) => {
        const request = `${method} ${url}`;
        requests.push(request);
        const answers = left.get(request) ?? left.get(`${method} ${url.split("?")[0]}`) ?? [];
        const {
            status = 200,
            headers = {},
            body = {},
            hangs,
        } = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
            status: 404,
            body: { message: `nothing is recorded for ${request}` },
        };
        if (hangs !== undefined) {
            hangs();
        } else {
            response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
        }
    };
    return { listener, requests };
}

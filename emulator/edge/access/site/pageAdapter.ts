import { Hono } from "hono";
import type { GatePageRequest, GateResponse, LogEntry } from "../../accessGate.ts";
import { originOf } from "../services.ts";

/** What a page's handler can get at besides its request. */
export interface PageBindings {
    readonly request: GatePageRequest;
    /** Says what happened, for the request log; a page that decides says its verdict and about whom, too. */
    note(rule: string, decided?: Omit<LogEntry, "rule">): void;
}

export type PageApp = Hono<{ Bindings: PageBindings }>;

/** An application without pages yet. What goes wrong in one is the edge's to answer: it knows a body that is too long. */
export function newPageApp(): PageApp {
    const app: PageApp = new Hono();
    app.onError((error) => {
        throw error;
    });
    return app;
}

/** Lets a Hono application answer a request to the edge. */
export async function answer(app: PageApp, request: GatePageRequest): Promise<GateResponse> {
    const { hostname, port, path, query, method } = request;
    let entry: LogEntry = { rule: "a page of Access" };
    const url = `${originOf(hostname, port)}${path}${query === "" ? "" : `?${query}`}`;
    const response = await app.fetch(new Request(url, { method }), {
        request,
        note: (rule, decided) => {
            entry = { ...decided, rule };
        },
    });
    const headers: Record<string, string | string[]> = {};
    response.headers.forEach((value, name) => {
        headers[name] = value;
    });
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) {
        headers["set-cookie"] = cookies;
    }
    return { status: response.status, headers, body: await response.text(), ...entry };
}

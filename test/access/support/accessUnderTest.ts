import type { IncomingHttpHeaders } from "node:http";
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { Access } from "../../../emulator/edge/access/index.ts";
import type { GateDecision, GatePageRequest, GateResponse } from "../../../emulator/edge/accessGate.ts";
import type { CloudflareEmulator } from "../../../emulator/index.ts";
import { accountId, call, startEmulator } from "../../emulator/support.ts";
import { ScriptlessBrowser, type SendOptions, type Sent } from "../../support/scriptlessBrowser.ts";

export const teamHost = "team.cloudflareaccess.localhost";
export const teamOrigin = `https://${teamHost}:8443`;
export const start = Date.parse("2026-01-01T00:00:00Z");

/** What came back, whoever answered. */
export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly body: string;
    readonly rule: string;
    /** What would go to the origin with the request; undefined when it was answered here. */
    readonly forward?: Readonly<Record<string, string>> | undefined;
}

/** The API and Access over one store, at a time that the test sets. */
export class AccessUnderTest implements AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    access: Access;
    readonly #startAccess: () => Promise<Access>;
    readonly #time: { now: number };

    private constructor(
        emulator: CloudflareEmulator,
        access: Access,
        startAccess: () => Promise<Access>,
        time: { now: number },
    ) {
        this.emulator = emulator;
        this.access = access;
        this.#startAccess = startAccess;
        this.#time = time;
    }

    static async start(stateDir?: string): Promise<AccessUnderTest> {
        const time = { now: start };
        const clock = () => new Date(time.now);
        const emulator = await startEmulator({ clock });
        const startAccess = () => Access.start({ directory: emulator.access, team: "team", stateDir, clock });
        return new AccessUnderTest(emulator, await startAccess(), startAccess, time);
    }

    /** Another Access in place of this one, which knows what was kept and nothing else. */
    async restart(): Promise<void> {
        this.access = await this.#startAccess();
    }

    /** Lets time pass. */
    later(milliseconds: number): void {
        this.#time.now += milliseconds;
    }

    /** Makes an object of Access in the account, and gives it back. */
    async create(path: string, body: unknown, method = "POST") {
        const { status, result, errors } = await call(this.emulator, method, `/accounts/${accountId}/${path}`, body);
        if (status >= 300) {
            throw new Error(JSON.stringify(errors));
        }
        return result;
    }

    /** An application on app.example.com that lets in people of example.com, unless the test says otherwise. */
    application(settings: Record<string, unknown> = {}) {
        return this.create("access/apps", {
            name: "App",
            domain: "app.example.com",
            type: "self_hosted",
            policies: [{ name: "staff", decision: "allow", include: [{ email_domain: { domain: "example.com" } }] }],
            ...settings,
        });
    }

    /** The claims of a token as a connector checks it: with the served keys alone. */
    async verified(token: string): Promise<JWTPayload> {
        const { body } = await new Browser(this).get(`https://team.cloudflareaccess.com/cdn-cgi/access/certs`);
        const { payload } = await jwtVerify(token, createLocalJWKSet(JSON.parse(body) as JSONWebKeySet), {
            issuer: "https://team.cloudflareaccess.com",
            currentDate: new Date(this.#time.now),
        });
        return payload;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.emulator[Symbol.asyncDispose]();
    }
}

export interface GateSendOptions extends SendOptions {
    readonly clientIp?: string;
    readonly country?: string;
    /** Given when the client goes away. */
    readonly signal?: AbortSignal;
}

/** A browser without scripts before Access itself: its requests come as the edge would hand them on. */
export class Browser extends ScriptlessBrowser<Answer, GateSendOptions> {
    readonly #under: AccessUnderTest;

    constructor(under: AccessUnderTest) {
        super();
        this.#under = under;
    }

    protected async answer(sent: Sent, options: Partial<GateSendOptions>): Promise<Answer> {
        const { clientIp = "127.0.0.1", country, signal = new AbortController().signal } = options;
        const { hostname, pathname, search, port } = sent.url;
        if (sent.url.protocol === "http:") {
            return fetched(sent);
        }
        const values = Object.entries(sent.headers).map(([name, value]) => [name, [value].flat()] as const);
        const request: GatePageRequest = {
            hostname,
            path: pathname,
            query: search.slice(1),
            method: sent.method,
            headers: Object.fromEntries(values.map(([name, value]) => [name, value.join(", ")])) as IncomingHttpHeaders,
            headersDistinct: Object.fromEntries(values),
            clientIp,
            country,
            isWebSocket: false,
            port: port === "" ? 443 : Number(port),
            ray: "0123456789abcdef-loc01",
            signal,
            body: async () => Buffer.from(sent.body),
        };
        const { access } = this.#under;
        const site = [access.teamSite, access.transferSite].find(({ hostnames }) => hostnames.includes(hostname));
        if (site !== undefined) {
            return answered(await site.handle(request));
        }
        if (request.path.startsWith("/cdn-cgi/")) {
            const page = await access.handle(request);
            return page === undefined ? { status: 404, headers: {}, body: "", rule: "no page" } : answered(page);
        }
        return decided(await access.decide(request));
    }
}

/** The answer of an identity provider, which is a server of its own. */
async function fetched({ url, method, headers, body }: Sent): Promise<Answer> {
    const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const init = method === "POST" ? { method, body } : { method };
    const response = await fetch(url, { ...init, headers: pairs, redirect: "manual" });
    const answer = { status: response.status, headers: Object.fromEntries(response.headers) };
    return { ...answer, body: await response.text(), rule: "the provider's own" };
}

function answered({ status, headers, body, rule }: GateResponse): Answer {
    return { status, headers, body: String(body), rule };
}

function decided(decision: GateDecision): Answer {
    if (decision.kind === "respond") {
        return answered(decision);
    }
    const { forward, rule, setCookies = [] } = decision;
    return { status: 200, headers: { "set-cookie": setCookies }, body: "from the origin", rule, forward };
}

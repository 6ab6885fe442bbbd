import type { IncomingHttpHeaders } from "node:http";
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { Access } from "../../../emulator/edge/access/index.ts";
import type { GateDecision, GatePageRequest, GateResponse } from "../../../emulator/edge/accessGate.ts";
import type { CloudflareEmulator } from "../../../emulator/index.ts";
import { accountId, call, startEmulator } from "../../emulator/support.ts";

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

export interface SendOptions {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly form?: URLSearchParams;
    readonly clientIp?: string;
    readonly country?: string;
}

/** A browser without scripts: cookies for each host, links and forms, and redirects followed by hand. */
export class Browser {
    readonly #under: AccessUnderTest;
    readonly #jar = new Map<string, Map<string, string>>();

    constructor(under: AccessUnderTest) {
        this.#under = under;
    }

    get(url: string, options: SendOptions = {}): Promise<Answer> {
        return this.send(url, options);
    }

    /** Sends one request, as the edge would hand it on to Access, and keeps the cookies of the answer. */
    async send(url: string, { method = "GET", headers = {}, form, clientIp = "127.0.0.1", country }: SendOptions) {
        const { hostname, pathname, search, port } = new URL(url);
        const cookies = [...(this.#jar.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
        const sent: Record<string, string | readonly string[]> = {
            ...(cookies === "" ? {} : { cookie: cookies }),
            ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
            ...headers,
        };
        const request: GatePageRequest = {
            hostname,
            path: pathname,
            query: search.slice(1),
            method: form === undefined ? method : "POST",
            headers: Object.fromEntries(
                Object.entries(sent).map(([name, value]) => [name, [value].flat().join(", ")]),
            ) as IncomingHttpHeaders,
            headersDistinct: Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, [value].flat()])),
            clientIp,
            country,
            isWebSocket: false,
            port: port === "" ? 443 : Number(port),
            ray: "0123456789abcdef-loc01",
            signal: new AbortController().signal,
            body: async () => Buffer.from(form?.toString() ?? ""),
        };
        const answer = await this.#answer(request);
        for (const cookie of [answer.headers["set-cookie"] ?? []].flat()) {
            this.#keep(hostname, cookie);
        }
        return answer;
    }

    /** Follows redirects until something else answers; gives the answer and its URL. */
    async open(url: string, options: SendOptions = {}): Promise<{ url: string; answer: Answer }> {
        let at = url;
        for (let hops = 0; hops < 10; hops++) {
            const answer = await this.send(at, options);
            const { location } = answer.headers;
            if (typeof location !== "string") {
                return { url: at, answer };
            }
            at = new URL(location, at).href;
        }
        throw new Error(`${url} leads round in a circle.`);
    }

    /** Fills in the page's form whose action contains a text, sends it, and follows where it leads. */
    async submit(page: { url: string; answer: Answer }, action: string, fields: Record<string, string> = {}) {
        const forms = page.answer.body.match(/<form[\s\S]*?<\/form>/g) ?? [];
        const html = forms.find((form) => form.includes(action));
        if (html === undefined) {
            throw new Error(`No form for ${action} in ${page.answer.body}`);
        }
        const form = new URLSearchParams(fields);
        for (const [, name = "", value = ""] of html.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
            form.set(name, value);
        }
        const target = new URL(/action="([^"]*)"/.exec(html)?.[1] ?? "", page.url);
        if (html.includes('method="get"')) {
            target.search = form.toString();
            return this.open(target.href);
        }
        const answer = await this.send(target.href, { form });
        const { location } = answer.headers;
        return typeof location === "string" ? this.open(new URL(location, target).href) : { url: target.href, answer };
    }

    /** Logs in with the one-time PIN that an account without providers has. */
    async logIn(url: string, email: string, fields: Record<string, string> = {}) {
        const choice = await this.open(url);
        const form = await this.submit(choice, "/idp/");
        const shown = await this.submit(form, "/idp/", { email, ...fields });
        const pin = /<strong id="pin">(\d{6})</.exec(shown.answer.body)?.[1] ?? "";
        return this.submit(shown, "/pin", { pin });
    }

    cookie(hostname: string, name: string): string | undefined {
        return this.#jar.get(hostname)?.get(name);
    }

    setCookie(hostname: string, name: string, value: string): void {
        this.#keep(hostname, `${name}=${value}`);
    }

    async #answer(request: GatePageRequest): Promise<Answer> {
        const { access } = this.#under;
        if (access.teamSite.hostnames.includes(request.hostname)) {
            return answered(await access.teamSite.handle(request));
        }
        if (request.path.startsWith("/cdn-cgi/")) {
            const page = await access.handle(request);
            return page === undefined ? { status: 404, headers: {}, body: "", rule: "no page" } : answered(page);
        }
        return decided(await access.decide(request));
    }

    #keep(hostname: string, cookie: string): void {
        const [pair = "", ...attributes] = cookie.split("; ");
        const [name = "", value = ""] = pair.split("=");
        const jar = this.#jar.get(hostname) ?? new Map<string, string>();
        this.#jar.set(hostname, jar);
        if (attributes.includes("Max-Age=0")) {
            jar.delete(name);
        } else {
            jar.set(name, value);
        }
    }
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

/** What goes to a server. */
export interface Sent {
    readonly url: URL;
    readonly method: string;
    /** Cookies included. */
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    readonly body: string;
}

/** What comes back from one. */
export interface Answered {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
    readonly body: string;
}

export interface SendOptions {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
    readonly form?: URLSearchParams;
}

/** A page as it stands in a browser. */
export interface Page<Answer> {
    readonly url: string;
    readonly answer: Answer;
}

/** A browser without scripts: cookies for each host, links and forms, and redirects followed by hand. Who answers is up to the subclass. */
export abstract class ScriptlessBrowser<Answer extends Answered, Options extends SendOptions = SendOptions> {
    readonly #jar = new Map<string, Map<string, string>>();

    protected abstract answer(sent: Sent, options: Partial<Options>): Promise<Answer>;

    get(url: string, options: Partial<Options> = {}): Promise<Answer> {
        return this.send(url, options);
    }

    /** Sends one request, and keeps the cookies of the answer. */
    async send(url: string, options: Partial<Options>): Promise<Answer> {
        const { method = "GET", headers = {}, form } = options;
        const target = new URL(url);
        const cookies = [...(this.#jar.get(target.hostname) ?? [])]
            .map(([name, value]) => `${name}=${value}`)
            .join("; ");
        const sent = {
            url: target,
            method: form === undefined ? method : "POST",
            headers: {
                ...(cookies === "" ? {} : { cookie: cookies }),
                ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
                ...headers,
            },
            body: form?.toString() ?? "",
        };
        const answer = await this.answer(sent, options);
        for (const cookie of [answer.headers["set-cookie"] ?? []].flat()) {
            this.#keep(target.hostname, cookie);
        }
        return answer;
    }

    /** Follows redirects until something else answers; gives the answer and its URL. */
    async open(url: string, options: Partial<Options> = {}): Promise<Page<Answer>> {
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
    async submit(page: Page<Answer>, action: string, fields: Record<string, string> = {}): Promise<Page<Answer>> {
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
        const answer = await this.send(target.href, { form } as Partial<Options>);
        const { location } = answer.headers;
        return typeof location === "string" ? this.open(new URL(location, target).href) : { url: target.href, answer };
    }

    /** Logs in with the one-time PIN that an account without providers has. */
    async logIn(url: string, email: string, fields: Record<string, string> = {}): Promise<Page<Answer>> {
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

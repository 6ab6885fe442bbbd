import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { RequestLog } from "../../../emulator/edge/public/requestLog.ts";
import { StatusSite, type StatusSiteOptions } from "../../../emulator/edge/status/statusSite.ts";
import { STATUS_HOSTNAME } from "../../../emulator/index.ts";
import { AccessUnderTest } from "../../access/support/accessUnderTest.ts";
import { type Asked, PublicEdgeUnderTest, showRequest } from "../../edge/support/publicEdgeUnderTest.ts";
import { call, zoneId } from "../../emulator/support.ts";

/** An API and an edge whose status page is asked for as a browser does. */
export class StatusUnderTest implements AsyncDisposable {
    readonly under: AccessUnderTest;
    readonly edge: PublicEdgeUnderTest;
    readonly log: RequestLog;
    readonly site: StatusSite;
    readonly #parts: AsyncDisposableStack;

    private constructor(
        parts: AsyncDisposableStack,
        under: AccessUnderTest,
        edge: PublicEdgeUnderTest,
        log: RequestLog,
        site: StatusSite,
    ) {
        this.#parts = parts;
        this.under = under;
        this.edge = edge;
        this.log = log;
        this.site = site;
    }

    static async start(options: Partial<StatusSiteOptions> = {}): Promise<StatusUnderTest> {
        await using started = new AsyncDisposableStack();
        const under = started.use(await AccessUnderTest.start());
        const { access, emulator } = under;
        const log = new RequestLog();
        const site = new StatusSite({ overview: emulator.overview, access: emulator.access, log, ...options });
        const edge = started.use(
            await PublicEdgeUnderTest.start({ gate: access, sites: [access.teamSite, site], log }),
        );
        await edge.connector(showRequest);
        return new StatusUnderTest(started.move(), under, edge, log, site);
    }

    ask(asked: Asked = {}) {
        const headers = { host: `${STATUS_HOSTNAME}:${this.edge.port}`, ...asked.headers };
        return this.edge.ask({ hostname: STATUS_HOSTNAME, ...asked, headers });
    }

    /** A tunnel, with a record of that hostname that leads to it. */
    async tunnelFor(hostname: string, name = "local"): Promise<string> {
        const { id } = await this.under.create("cfd_tunnel", { name, config_src: "cloudflare" });
        const record = { name: hostname, type: "CNAME", content: `${id}.cfargotunnel.com`, proxied: true, ttl: 1 };
        await call(this.under.emulator, "POST", `/zones/${zoneId}/dns_records`, record);
        return id;
    }

    /** Opens the stream of events; disposing goes away. */
    watch(asked: Asked = {}): Promise<Watch> {
        const { path = "/events", headers } = asked;
        return new Promise((resolve, reject) => {
            const outgoing = request({
                ...this.edge.tls(STATUS_HOSTNAME),
                ...{ agent: false, path },
                headers: { host: STATUS_HOSTNAME, ...headers },
            });
            outgoing.once("error", reject);
            outgoing.once("response", (response) => resolve(new Watch(response)));
            outgoing.end();
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

export interface StreamedEvent {
    readonly id?: string;
    readonly event?: string;
    readonly data: string;
}

/** A client of the stream of events. */
export class Watch implements Disposable {
    readonly status: number;
    readonly #response: IncomingMessage;
    readonly #events: AsyncIterator<StreamedEvent>;

    constructor(response: IncomingMessage) {
        this.status = response.statusCode ?? 0;
        this.#response = response;
        this.#events = eventsIn(response);
    }

    /** The next event of a kind; others before it are passed over. */
    async next(kind: string): Promise<StreamedEvent> {
        for (;;) {
            const { value, done } = await this.#events.next();
            if (done === true) {
                throw new Error(`The stream ended without ${kind}.`);
            }
            if (value.event === kind) {
                return value;
            }
        }
    }

    [Symbol.dispose](): void {
        this.#response.on("error", () => {});
        this.#response.destroy();
    }
}

/** Reads server-sent events as the HTML standard says (9.2.6), as far as this stream needs it. */
async function* eventsIn(response: AsyncIterable<Buffer>): AsyncGenerator<StreamedEvent> {
    let text = "";
    for await (const chunk of response) {
        text += chunk;
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
            yield readEvent(block);
        }
    }
}

/** @param block the lines of one event. */
export function readEvent(block: string): StreamedEvent {
    const fields: Record<string, string> = {};
    for (const line of block.split("\n").filter((text) => text !== "")) {
        const [, name = "", value = ""] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
        fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
    }
    return { data: "", ...fields };
}

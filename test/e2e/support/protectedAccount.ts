import type { OutgoingHttpHeaders } from "node:http";
import { CloudflareEdge } from "../../../emulator/edge/index.ts";
import { CloudflareEmulator } from "../../../emulator/index.ts";
import { accountId, call, zoneId } from "../../emulator/support.ts";
import { AccountTunnel, type Exposure, type Rule } from "./accountTunnel.ts";
import { askEdge } from "./askEdge.ts";

/** Name of its Access team. */
const TEAM = "team";
/**
 * A Cloudflare of its own on loopback: the API, and the whole edge with Access in its place. What it exposes is described through
 * the API alone, as a stack does it.
 */
export class ProtectedAccount implements AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    readonly edge: CloudflareEdge;
    readonly #parts: AsyncDisposableStack;
    #tunnel: Promise<AccountTunnel> | undefined;

    /** @param zone to expose hostnames in; only names below `localhost` are found by a browser. */
    static async start(zone: string): Promise<ProtectedAccount> {
        await using parts = new AsyncDisposableStack();
        const zones = [{ name: zone, id: zoneId }];
        const emulator = parts.use(await CloudflareEmulator.start({ accountId, zones, team: TEAM }));
        const { directory, hostnames, access, overview } = emulator;
        const [connectors, https] = [["127.0.0.1:0"], "127.0.0.1:0"];
        const account = { directory, hostnames, access, overview };
        const teamProxy = "127.0.0.1:0";
        const edge = parts.use(await CloudflareEdge.start({ account, team: TEAM, connectors, https, teamProxy }));
        return new ProtectedAccount(parts.move(), emulator, edge);
    }

    private constructor(parts: AsyncDisposableStack, emulator: CloudflareEmulator, edge: CloudflareEdge) {
        this.#parts = parts;
        this.emulator = emulator;
        this.edge = edge;
    }

    /** Port of the public side. */
    get port(): number {
        return Number(this.edge.public.address.split(":")[1]);
    }

    /** What the edge's log says of the requests to a hostname: status and rule. */
    verdicts(hostname: string): { status: number; rule: string }[] {
        const asked = this.edge.public.requests.filter((request) => request.hostname === hostname);
        return asked.map(({ status, rule }) => ({ status, rule }));
    }

    /** Makes an object in the account, and gives it back. */
    async create(path: string, body: unknown, method = "POST") {
        return this.call(method, `/accounts/${accountId}/${path}`, body);
    }

    /** Asks the API; gives the result of an answer that is good. */
    async call(method: string, path: string, body: unknown) {
        const { status, result, errors } = await call(this.emulator, method, path, body);
        if (status >= 300) {
            throw new Error(`${method} ${path}: ${JSON.stringify(errors)}`);
        }
        return result;
    }

    /** Makes a tunnel, whose connectors go with the account. */
    async tunnel(name: string): Promise<AccountTunnel> {
        return this.#parts.use(await AccountTunnel.make(this, TEAM, name));
    }

    /**
     * Exposes the services through the account's first tunnel, and runs an unmodified cloudflared that has their ingress rules.
     *
     * @param env further environment of cloudflared.
     */
    async expose(
        cloudflared: string,
        exposures: readonly Exposure[],
        env: Readonly<Record<string, string>> = {},
    ): Promise<void> {
        this.#tunnel ??= this.tunnel("edge");
        await (await this.#tunnel).expose(cloudflared, exposures, { env });
    }

    /** Changes the ingress rules of the first tunnel; settled once its connector has taken them. */
    async route(rules: readonly Rule[]): Promise<void> {
        await (await this.#tunnel)?.route(rules);
    }

    /** Asks for a hostname's first page. */
    ask(hostname: string, headers: OutgoingHttpHeaders = {}): Promise<{ status: number; body: string }> {
        return askEdge({ port: this.port, caPem: this.edge.caPem, hostname, headers });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

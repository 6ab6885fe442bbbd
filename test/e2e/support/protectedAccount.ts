import type { OutgoingHttpHeaders } from "node:http";
import { CloudflareEdge } from "../../../emulator/edge/index.ts";
import { CloudflareEmulator } from "../../../emulator/index.ts";
import { CloudflaredProcess } from "../../edge/support/cloudflaredProcess.ts";
import { accountId, call, zoneId } from "../../emulator/support.ts";
import { askEdge } from "./askEdge.ts";

/** A service behind Access. */
export interface Exposure {
    readonly hostname: string;
    /** Where the connector finds it: `tcp://127.0.0.1:5432`. */
    readonly service: string;
    readonly policies: readonly object[];
    /** Further properties of the Access application. */
    readonly settings?: Readonly<Record<string, unknown>>;
    /** Whether the connector itself asks for the application's token. */
    readonly demandsToken?: boolean;
    /** How the connector speaks to the service. */
    readonly originRequest?: object;
}

/** An ingress rule without its place in the order. */
type Rule = Pick<Exposure, "hostname" | "service"> & { readonly originRequest?: object };

const TEAM = "team";
const secret = Buffer.alloc(32, 7);
/** How many the connector opens. */
const CONNECTIONS = 2;

/**
 * A Cloudflare of its own on loopback: the API, and the whole edge with Access in its place. What it exposes is described through
 * the API alone, as a stack does it.
 */
export class ProtectedAccount implements AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    readonly edge: CloudflareEdge;
    readonly #parts: AsyncDisposableStack;
    readonly #tunnelId: string;

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
        const tunnel = { name: "edge", config_src: "cloudflare", tunnel_secret: secret.toString("base64") };
        const { result } = await call(emulator, "POST", `/accounts/${accountId}/cfd_tunnel`, tunnel);
        return new ProtectedAccount(parts.move(), emulator, edge, result.id);
    }

    private constructor(
        parts: AsyncDisposableStack,
        emulator: CloudflareEmulator,
        edge: CloudflareEdge,
        tunnel: string,
    ) {
        this.#parts = parts;
        this.emulator = emulator;
        this.edge = edge;
        this.#tunnelId = tunnel;
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
        return this.#call(method, `/accounts/${accountId}/${path}`, body);
    }

    /**
     * Exposes the services, and runs an unmodified cloudflared that has their ingress rules.
     *
     * @param env further environment of cloudflared.
     */
    async expose(
        cloudflared: string,
        exposures: readonly Exposure[],
        env: Readonly<Record<string, string>> = {},
    ): Promise<void> {
        const rules: Rule[] = [];
        for (const { hostname, service, policies, settings, demandsToken = false, originRequest } of exposures) {
            const application = { name: hostname, domain: hostname, type: "self_hosted", policies, ...settings };
            const { aud } = await this.create("access/apps", application);
            const access = { required: true, teamName: TEAM, audTag: [aud] };
            rules.push({ hostname, service, originRequest: { ...originRequest, ...(demandsToken && { access }) } });
        }
        await this.#configure(rules);
        for (const { hostname: name } of exposures) {
            const content = `${this.#tunnelId}.cfargotunnel.com`;
            await this.#call("POST", `/zones/${zoneId}/dns_records`, {
                type: "CNAME",
                name,
                content,
                proxied: true,
                ttl: 1,
            });
        }
        const ready = this.#untilConfigured(CONNECTIONS);
        this.#parts.use(
            await CloudflaredProcess.start({
                path: cloudflared,
                edge: Array(CONNECTIONS).fill(this.edge.tunnels.addresses[0]),
                caPem: this.edge.caPem,
                accountTag: accountId,
                tunnelId: this.#tunnelId,
                secret,
                env,
            }),
        );
        await ready;
    }

    /** Changes the ingress rules; settled once the connector has taken them. */
    async route(rules: readonly Rule[]): Promise<void> {
        const ready = this.#untilConfigured(CONNECTIONS);
        await this.#configure(rules);
        await ready;
    }

    /** Asks for a hostname's first page. */
    ask(hostname: string, headers: OutgoingHttpHeaders = {}): Promise<{ status: number; body: string }> {
        return askEdge({ port: this.port, caPem: this.edge.caPem, hostname, headers });
    }

    async #configure(rules: readonly Rule[]): Promise<void> {
        const ingress = [...rules, { service: "http_status:404" }];
        await this.create(`cfd_tunnel/${this.#tunnelId}/configurations`, { config: { ingress } }, "PUT");
    }

    async #call(method: string, path: string, body: unknown) {
        const { status, result, errors } = await call(this.emulator, method, path, body);
        if (status >= 300) {
            throw new Error(`${method} ${path}: ${JSON.stringify(errors)}`);
        }
        return result;
    }

    #untilConfigured(connections: number): Promise<void> {
        let acknowledged = 0;
        return new Promise((resolve) => {
            const unsubscribe = this.edge.tunnels.on("configured", () => {
                acknowledged++;
                if (acknowledged === connections) {
                    unsubscribe();
                    resolve();
                }
            });
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

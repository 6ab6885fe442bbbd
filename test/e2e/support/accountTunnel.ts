import { randomBytes } from "node:crypto";
import { CloudflaredProcess } from "../../edge/support/cloudflaredProcess.ts";
import { accountId, zoneId } from "../../emulator/support.ts";
import type { ProtectedAccount } from "./protectedAccount.ts";

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
export type Rule = Pick<Exposure, "hostname" | "service"> & { readonly originRequest?: object };

/** How many connections a connector opens. */
const CONNECTIONS = 2;

/** Where a connector runs, if not simply beside the edge. */
export interface ConnectorPlace {
    /** Address at which it finds the edge; the edge's own if omitted. */
    readonly edge?: string;
    /** Further environment of cloudflared. */
    readonly env?: Readonly<Record<string, string>>;
}

/** A tunnel of an account, with what it exposes and its connectors: unmodified cloudflareds. */
export class AccountTunnel implements AsyncDisposable {
    readonly id: string;
    readonly #account: ProtectedAccount;
    readonly #team: string;
    readonly #secret: Buffer;
    readonly #connectors = new AsyncDisposableStack();

    static async make(account: ProtectedAccount, team: string, name: string): Promise<AccountTunnel> {
        const secret = randomBytes(32);
        const body = { name, config_src: "cloudflare", tunnel_secret: secret.toString("base64") };
        const { id } = await account.create("cfd_tunnel", body);
        return new AccountTunnel(account, team, id, secret);
    }

    private constructor(account: ProtectedAccount, team: string, id: string, secret: Buffer) {
        this.#account = account;
        this.#team = team;
        this.id = id;
        this.#secret = secret;
    }

    /** Exposes the services, and runs a connector that has their ingress rules. Gives the audience tags of their applications and the connector. */
    async expose(cloudflared: string, exposures: readonly Exposure[], { edge, env }: ConnectorPlace = {}) {
        const rules: Rule[] = [];
        const tags: string[] = [];
        for (const { hostname, service, policies, settings, demandsToken = false, originRequest } of exposures) {
            const application = { name: hostname, domain: hostname, type: "self_hosted", policies, ...settings };
            const { aud } = await this.#account.create("access/apps", application);
            const access = { required: true, teamName: this.#team, audTag: [aud] };
            rules.push({ hostname, service, originRequest: { ...originRequest, ...(demandsToken && { access }) } });
            tags.push(aud);
        }
        await this.#configure(rules);
        for (const { hostname: name } of exposures) {
            const content = `${this.id}.cfargotunnel.com`;
            const record = { type: "CNAME", name, content, proxied: true, ttl: 1 };
            await this.#account.call("POST", `/zones/${zoneId}/dns_records`, record);
        }
        const connector = await this.connect(cloudflared, { ...(edge && { edge }), ...(env && { env }) });
        return { tags, connector };
    }

    /** Runs a connector; settled once it has the ingress rules. */
    async connect(cloudflared: string, { edge, env }: ConnectorPlace = {}): Promise<CloudflaredProcess> {
        const ready = this.#untilConfigured();
        const { tunnels, caPem } = this.#account.edge;
        const connector = this.#connectors.use(
            await CloudflaredProcess.start({
                path: cloudflared,
                edge: Array(CONNECTIONS).fill(edge ?? tunnels.addresses[0]),
                caPem,
                accountTag: accountId,
                tunnelId: this.id,
                secret: this.#secret,
                ...(env && { env }),
            }),
        );
        await ready;
        return connector;
    }

    /** Changes the ingress rules; settled once the connector has taken them. */
    async route(rules: readonly Rule[]): Promise<void> {
        const ready = this.#untilConfigured();
        await this.#configure(rules);
        await ready;
    }

    async #configure(rules: readonly Rule[]): Promise<void> {
        const ingress = [...rules, { service: "http_status:404" }];
        await this.#account.create(`cfd_tunnel/${this.id}/configurations`, { config: { ingress } }, "PUT");
    }

    #untilConfigured(): Promise<void> {
        let acknowledged = 0;
        return new Promise((resolve) => {
            const unsubscribe = this.#account.edge.tunnels.on("configured", ({ tunnelId }) => {
                if (tunnelId !== this.id) return;
                acknowledged++;
                if (acknowledged === CONNECTIONS) {
                    unsubscribe();
                    resolve();
                }
            });
        });
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#connectors.disposeAsync();
    }
}

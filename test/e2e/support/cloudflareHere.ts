import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EdgeProxy, proxyToEdge } from "../../../cli/edgeProxy.ts";
import { Connector } from "../../../cli/share/connector.ts";
import { CloudflareEdge } from "../../../emulator/edge/index.ts";
import type { CloudflareEmulator } from "../../../emulator/index.ts";
import { ensureTool, silentProgress } from "../../../toolchain/index.ts";
import { accountId, call, startEmulator, zoneId } from "../../emulator/support.ts";

/** A whole Cloudflare on free ports of loopback, API and edge, and a real connector for what a test puts behind it. */
export class CloudflareHere implements AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    readonly edge: CloudflareEdge;
    /** A folder of the test's own. */
    readonly folder: string;
    readonly #proxy: EdgeProxy;
    readonly #parts: AsyncDisposableStack;

    static async start(): Promise<CloudflareHere> {
        await using started = new AsyncDisposableStack();
        const folder = await mkdtemp(join(tmpdir(), "sallyport-here-"));
        started.defer(() => rm(folder, { recursive: true }));
        const emulator = started.use(await startEmulator());
        const edge = started.use(
            await CloudflareEdge.start({
                account: emulator,
                team: "team",
                connectors: ["127.0.0.1:0", "127.0.0.2:0"],
                https: "127.0.0.1:0",
            }),
        );
        const caFile = join(folder, "ca.pem");
        await writeFile(caFile, edge.caPem);
        const proxy = started.use(await proxyToEdge({ address: edge.public.address, caFile }));
        return new CloudflareHere(started.move(), { emulator, edge, folder, proxy });
    }

    private constructor(
        parts: AsyncDisposableStack,
        made: { emulator: CloudflareEmulator; edge: CloudflareEdge; folder: string; proxy: EdgeProxy },
    ) {
        this.#parts = parts;
        this.emulator = made.emulator;
        this.edge = made.edge;
        this.folder = made.folder;
        this.#proxy = made.proxy;
    }

    /** CA of the edge, in a file. */
    get caFile(): string {
        return join(this.folder, "ca.pem");
    }

    /** Makes or changes an object of the account. */
    async api(method: string, path: string, body?: unknown) {
        const { success, result, errors } = await call(this.emulator, method, path, body);
        if (!success) {
            throw new Error(`${method} ${path}: ${JSON.stringify(errors)}`);
        }
        return result;
    }

    /** Puts a service behind a hostname, with Access before it and a real connector that demands Access's token. */
    async publish(hostname: string, service: string, policy: Record<string, unknown>): Promise<void> {
        const account = `/accounts/${accountId}`;
        const { aud } = await this.api("POST", `${account}/access/apps`, {
            ...{ name: hostname, domain: hostname, type: "self_hosted", policies: [{ name: "test", ...policy }] },
        });
        const secret = Buffer.alloc(32, 7).toString("base64");
        const tunnel = await this.api("POST", `${account}/cfd_tunnel`, {
            ...{ name: hostname, config_src: "cloudflare", tunnel_secret: secret },
        });
        const access = { required: true, teamName: "team", audTag: [aud] };
        await this.api("PUT", `${account}/cfd_tunnel/${tunnel.id}/configurations`, {
            config: { ingress: [{ hostname, service, originRequest: { access } }, { service: "http_status:404" }] },
        });
        await this.api("POST", `/zones/${zoneId}/dns_records`, {
            ...{ name: hostname, type: "CNAME", content: `${tunnel.id}.cfargotunnel.com`, proxied: true, ttl: 1 },
        });
        const credentialsFile = join(this.folder, `${tunnel.id}.json`);
        const credentials = { AccountTag: accountId, TunnelSecret: secret, TunnelID: tunnel.id };
        await writeFile(credentialsFile, JSON.stringify(credentials), { mode: 0o600 });
        const { path: executable } = await ensureTool("cloudflared", { progress: silentProgress });
        const connector = this.#parts.use(
            Connector.start({
                ...{ executable, credentialsFile, tunnelId: tunnel.id },
                env: {
                    ...this.#proxy.env,
                    TUNNEL_EDGE: this.edge.tunnels.addresses.join(","),
                    TUNNEL_TRANSPORT_PROTOCOL: "http2",
                    TUNNEL_NO_PRECHECKS: "true",
                },
            }),
        );
        await Promise.race([
            connector.serving,
            connector.ended.then((how) => {
                throw new Error(`The connector ended: ${how}`);
            }),
        ]);
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

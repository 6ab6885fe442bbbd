import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { AccessDirectory } from "./accessDirectory.ts";
import type { AccountOverview } from "./accountOverview.ts";
import { mountControls } from "./api/control.ts";
import { notImplemented } from "./api/http/apiError.ts";
import { authenticator } from "./api/http/authentication.ts";
import { failure } from "./api/http/envelope.ts";
import type { Faults } from "./api/http/faults.ts";
import { apiErrorOf, createGateway, type RouteBindings } from "./api/http/gateway.ts";
import { RateLimiter } from "./api/http/rateLimit.ts";
import type { LoggedRequest } from "./api/http/requestLog.ts";
import { newApiToken } from "./api/identifiers.ts";
import type { RiskScores } from "./api/riskScores.ts";
import { mountApi } from "./api/router.ts";
import type { EmulatorSnapshot } from "./api/store/snapshot.ts";
import { listenInNetwork } from "./containerNetwork.ts";
import type { EdgeControls } from "./edgeControls.ts";
import { EmulatorCore } from "./emulatorCore.ts";
import type { HostnameDirectory } from "./hostnameDirectory.ts";
import { listen } from "./listen.ts";
import { type CheckedOptions, checkOptions, type EmulatorOptions } from "./options.ts";
import type { PrivateConnections } from "./privateConnections.ts";
import type { PrivateNetworkDirectory } from "./privateNetworkDirectory.ts";
import type { TunnelDirectory } from "./tunnelDirectory.ts";

const basePath = "/client/v4";

/**
 * A Cloudflare on this machine: the v4 REST API for DNS, tunnels, Access and the parts of Zero Trust around them, on
 * 127.0.0.1 only. Any client that takes a base URL can use it.
 *
 * It is honest: bodies are checked against the documented schema, refusals carry the documented codes, and a path
 * that it does not serve answers a 501 that says so.
 *
 * @example
 * await using emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }] });
 * const client = new Cloudflare({ baseURL: emulator.apiBaseUrl, apiToken: emulator.apiToken });
 */
export class CloudflareEmulator implements AsyncDisposable {
    /** Base URL for clients, `http://127.0.0.1:<port>/client/v4`. */
    readonly apiBaseUrl: string;
    /** The token that every request must carry as `Authorization: Bearer …`. */
    readonly apiToken: string;
    /** The account that exists from the start, with its Access organization and zones. */
    readonly accountId: string;
    /** Faults that the API commits on request. */
    readonly faults: Faults;
    /** What the edge needs to know of tunnels, and where it reports connections. */
    readonly directory: TunnelDirectory;
    /** What the edge needs to know of zones and DNS records. */
    readonly hostnames: HostnameDirectory;
    /** What Access at the edge needs to know of applications, policies and service tokens. */
    readonly access: AccessDirectory;
    /** How risky people are, as the emulator is told. */
    readonly riskScores: RiskScores;
    /** What the account has, for the status page. */
    readonly overview: AccountOverview;
    /** What the way into private networks needs to know of routes, devices and Gateway's rules. */
    readonly privateNetwork: PrivateNetworkDirectory;

    readonly #parts: RunningParts;

    private constructor(parts: RunningParts) {
        this.#parts = parts;
        this.apiBaseUrl = `http://127.0.0.1:${parts.port}${basePath}`;
        this.apiToken = parts.apiToken;
        this.accountId = parts.core.accountId;
        this.faults = parts.core.faults;
        this.directory = parts.core.tunnels;
        this.hostnames = parts.core.hostnames;
        this.access = parts.core.access;
        this.riskScores = parts.core.riskScores;
        this.overview = parts.core.overview;
        this.privateNetwork = parts.core.privateNetwork;
    }

    /**
     * Starts an emulator.
     *
     * @throws EmulatorError when an option is wrong, the port is taken, or the state file is damaged.
     */
    static async start(options: EmulatorOptions = {}): Promise<CloudflareEmulator> {
        const checked = checkOptions(options);
        const apiToken = checked.apiToken ?? newApiToken();
        const stopping = new AbortController();
        const ready = Promise.withResolvers<ReturnType<typeof createGateway>>();
        const answer = getRequestListener(async (request, connection) => (await ready.promise)(request, connection), {
            overrideGlobalObjects: false,
        });
        await using starting = new AsyncDisposableStack();
        const server = starting.adopt(createServer(answer), close);
        // The port comes first: an emulator that cannot have it must not touch a state file that another one may use.
        const port = await listen(server, checked.port);
        if (checked.network !== undefined) starting.adopt(await listenInNetwork(checked.network, port, answer), close);
        const core = await EmulatorCore.create(checked);
        ready.resolve(gatewayOf(core, checked, apiToken, stopping.signal));
        return new CloudflareEmulator({ servers: starting.move(), port, apiToken, core, stopping });
    }

    /** The last requests to the API, oldest first, secrets masked. */
    get requests(): readonly LoggedRequest[] {
        return this.#parts.core.log.all();
    }

    /** Offers what an edge can tell on the emulator's own HTTP interface, below `/emulator/edge`. */
    attachEdge(edge: EdgeControls): void {
        this.#parts.core.edge = edge;
    }

    /** Offers what became of the connections into private networks, at `/emulator/private-connections`. */
    attachPrivateConnections(connections: PrivateConnections): void {
        this.#parts.core.privateConnections = connections;
    }

    /** Goes back to how the emulator started without a state file; faults and the request log are emptied too. */
    reset(): void {
        this.#parts.core.reset();
    }

    /** A copy of all state, for {@link restore}. */
    snapshot(): EmulatorSnapshot {
        return this.#parts.core.snapshot();
    }

    /**
     * Puts all state back to what it was at a snapshot.
     *
     * @throws EmulatorError `state-damaged` when the argument is not a snapshot.
     */
    restore(snapshot: EmulatorSnapshot): void {
        this.#parts.core.restore(snapshot);
    }

    /** Stops listening, closes every connection, and waits for the state to be in its file. */
    async [Symbol.asyncDispose](): Promise<void> {
        const { servers, stopping, core } = this.#parts;
        stopping.abort();
        await servers.disposeAsync();
        await core.kept();
    }
}

/** The way in to an emulator: the gateway with all routes behind it. */
function gatewayOf(
    core: EmulatorCore,
    { clock, rateLimit }: CheckedOptions,
    apiToken: string,
    stopping: AbortSignal,
): ReturnType<typeof createGateway> {
    const routes = new Hono<{ Bindings: RouteBindings }>();
    routes.onError((error) => failure(apiErrorOf(error)));
    routes.notFound(({ req }) => {
        const path = req.path.startsWith(`${basePath}/`) ? req.path.slice(basePath.length) : req.path;
        return failure(notImplemented(req.method, path));
    });
    const requests = () => core.log.all();
    mountApi(routes, basePath, { store: core.store, clock, tunnels: core.tunnels, requests });
    mountControls(routes, core);
    return createGateway({
        basePath,
        routes: (request, bindings) => routes.fetch(request, bindings),
        authenticate: authenticator(apiToken),
        limiter: rateLimit && new RateLimiter(rateLimit, clock),
        faults: core.faults,
        log: core.log,
        clock,
        kept: () => core.kept(),
        stopping,
    });
}

async function close(server: Server): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
}

interface RunningParts {
    readonly servers: AsyncDisposableStack;
    readonly port: number;
    readonly apiToken: string;
    readonly core: EmulatorCore;
    readonly stopping: AbortController;
}

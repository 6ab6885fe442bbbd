import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { mountControls } from "./api/control.ts";
import { notImplemented } from "./api/http/apiError.ts";
import { authenticator } from "./api/http/authentication.ts";
import { failure } from "./api/http/envelope.ts";
import { Faults } from "./api/http/faults.ts";
import { apiErrorOf, createGateway, type RouteBindings } from "./api/http/gateway.ts";
import { RateLimiter } from "./api/http/rateLimit.ts";
import { type LoggedRequest, RequestLog } from "./api/http/requestLog.ts";
import { newApiToken, newHexId } from "./api/identifiers.ts";
import { accounts, rootScope } from "./api/products/accounts.ts";
import { mountApi } from "./api/router.ts";
import { furnish } from "./api/seed.ts";
import { type EmulatorSnapshot, readSnapshot, takeSnapshot } from "./api/store/snapshot.ts";
import { StateFile } from "./api/store/stateFile.ts";
import { Store } from "./api/store/store.ts";
import { TunnelRegistry } from "./api/tunnelRegistry.ts";
import { listen } from "./listen.ts";
import { type CheckedOptions, checkOptions, type EmulatorOptions } from "./options.ts";
import type { TunnelDirectory } from "./tunnelDirectory.ts";

const basePath = "/client/v4";
const defaultTeam = "sallyport";

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

    readonly #parts: RunningParts;

    private constructor(parts: RunningParts) {
        this.#parts = parts;
        this.apiBaseUrl = `http://127.0.0.1:${parts.port}${basePath}`;
        this.apiToken = parts.apiToken;
        this.accountId = parts.core.accountId;
        this.faults = parts.core.faults;
        this.directory = parts.core.tunnels;
    }

    /**
     * Starts an emulator.
     *
     * @throws EmulatorError when an option is wrong, the port is taken, or the state file is damaged.
     */
    static async start(options: EmulatorOptions = {}): Promise<CloudflareEmulator> {
        const checked = checkOptions(options);
        const core = await EmulatorCore.create(checked);
        const apiToken = checked.apiToken ?? newApiToken();
        const stopping = new AbortController();
        const routes = new Hono<{ Bindings: RouteBindings }>();
        routes.onError((error) => failure(apiErrorOf(error)));
        routes.notFound(({ req }) => {
            const path = req.path.startsWith(`${basePath}/`) ? req.path.slice(basePath.length) : req.path;
            return failure(notImplemented(req.method, path));
        });
        mountApi(routes, basePath, { store: core.store, clock: checked.clock, tunnels: core.tunnels });
        mountControls(routes, core);
        const gateway = createGateway({
            basePath,
            routes: (request, bindings) => routes.fetch(request, bindings),
            authenticate: authenticator(apiToken),
            limiter: checked.rateLimit && new RateLimiter(checked.rateLimit, checked.clock),
            faults: core.faults,
            log: core.log,
            clock: checked.clock,
            kept: () => core.kept(),
            stopping: stopping.signal,
        });
        const server = createAdaptorServer({
            // The adaptor makes a plain HTTP server when it is told of no other kind.
            fetch: (request, bindings) => gateway(request, bindings as Parameters<typeof gateway>[1]),
            overrideGlobalObjects: false,
        }) as Server;
        const port = await listen(server, checked.port);
        return new CloudflareEmulator({ server, port, apiToken, core, stopping });
    }

    /** The last requests to the API, oldest first, secrets masked. */
    get requests(): readonly LoggedRequest[] {
        return this.#parts.core.log.all();
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
        const { server, stopping, core } = this.#parts;
        stopping.abort();
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
        await core.kept();
    }
}

interface RunningParts {
    readonly server: Server;
    readonly port: number;
    readonly apiToken: string;
    readonly core: EmulatorCore;
    readonly stopping: AbortController;
}

/** Everything but the network: the state, where it is kept, and what can be done to it as a whole. */
class EmulatorCore {
    readonly store: Store;
    readonly tunnels: TunnelRegistry;
    readonly faults: Faults;
    readonly log: RequestLog;
    readonly accountId: string;
    readonly #options: CheckedOptions;
    readonly #stateFile: StateFile | undefined;

    private constructor(options: CheckedOptions, saved: EmulatorSnapshot | undefined) {
        const { stateFile, clock } = options;
        this.#stateFile = stateFile === undefined ? undefined : new StateFile(stateFile, () => this.#present());
        this.store = new Store(() => this.#stateFile?.schedule());
        this.tunnels = new TunnelRegistry(this.store, clock);
        this.faults = new Faults(options.faultSeed);
        this.log = new RequestLog(options.requestLogLimit);
        if (saved !== undefined) {
            this.tunnels.replacing(() => this.store.replace(saved.contents));
        }
        const [savedAccount] = this.store.table(rootScope, accounts).all();
        this.accountId = options.accountId ?? savedAccount?.id ?? newHexId();
        // Ids that are made up are made up once, so that a reset gives the same ones again.
        const zones = options.zones.map(({ name, id }) => ({ name, id: id ?? newHexId() }));
        this.#options = { ...options, zones };
        this.#furnish(options.team);
    }

    static async create(options: CheckedOptions): Promise<EmulatorCore> {
        const saved = options.stateFile === undefined ? undefined : await StateFile.read(options.stateFile);
        const core = new EmulatorCore(options, saved);
        await core.kept();
        return core;
    }

    reset(): void {
        this.tunnels.replacing(() => {
            this.store.replace({});
            this.#furnish(this.#options.team ?? defaultTeam);
        });
        this.faults.clear();
        this.log.clear();
    }

    snapshot(): EmulatorSnapshot {
        return takeSnapshot(this.store);
    }

    restore(snapshot: unknown): void {
        const { contents } = readSnapshot(snapshot, "What was given to restore");
        this.tunnels.replacing(() => this.store.replace(contents));
    }

    kept(): Promise<void> {
        return this.#stateFile?.written() ?? Promise.resolve();
    }

    #present(): EmulatorSnapshot {
        return takeSnapshot(this.store);
    }

    #furnish(team: string | undefined): void {
        const { clock } = this.#options;
        furnish(this.store, {
            accountId: this.accountId,
            zones: this.#options.zones,
            team,
            defaultTeam,
            now: clock().toISOString(),
        });
    }
}

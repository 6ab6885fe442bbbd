import { AccessRegistry } from "./api/accessRegistry.ts";
import { HostnameRegistry } from "./api/hostnameRegistry.ts";
import { Faults } from "./api/http/faults.ts";
import { RequestLog } from "./api/http/requestLog.ts";
import { newHexId } from "./api/identifiers.ts";
import { OverviewRegistry } from "./api/overviewRegistry.ts";
import { PrivateNetworkRegistry } from "./api/privateNetworkRegistry.ts";
import { accounts, rootScope } from "./api/products/accounts.ts";
import { RiskScores } from "./api/riskScores.ts";
import { furnish } from "./api/seed.ts";
import { type EmulatorSnapshot, presentState, readSnapshot, takeSnapshot } from "./api/store/snapshot.ts";
import { StateFile } from "./api/store/stateFile.ts";
import { Store } from "./api/store/store.ts";
import { TunnelRegistry } from "./api/tunnelRegistry.ts";
import type { EdgeControls } from "./edgeControls.ts";
import type { CheckedOptions } from "./options.ts";
import type { PrivateConnections } from "./privateConnections.ts";

const defaultTeam = "sallyport";

/** Everything but the network: the state, where it is kept, and what can be done to it as a whole. */
export class EmulatorCore {
    readonly store: Store;
    readonly tunnels: TunnelRegistry;
    readonly hostnames: HostnameRegistry;
    readonly access: AccessRegistry;
    readonly overview: OverviewRegistry;
    readonly riskScores: RiskScores;
    readonly privateNetwork: PrivateNetworkRegistry;
    readonly faults: Faults;
    readonly log: RequestLog;
    readonly accountId: string;
    /** The edge that runs for this API, once there is one. */
    edge: EdgeControls | undefined;
    /** The way into private networks that runs for this API, once there is one. */
    privateConnections: PrivateConnections | undefined;
    readonly #options: CheckedOptions;
    readonly #stateFile: StateFile | undefined;

    private constructor(options: CheckedOptions, saved: EmulatorSnapshot | undefined) {
        const { stateFile, clock } = options;
        this.#stateFile =
            stateFile === undefined ? undefined : new StateFile(stateFile, () => presentState(this.store));
        this.store = new Store(() => this.#stateFile?.schedule());
        this.tunnels = new TunnelRegistry(this.store, clock);
        this.hostnames = new HostnameRegistry(this.store);
        this.faults = new Faults(options.faultSeed);
        this.log = new RequestLog(options.requestLogLimit);
        if (saved !== undefined) {
            this.tunnels.replacing(() => this.store.replace(saved.contents));
        }
        const [savedAccount] = this.store.table(rootScope, accounts).all();
        this.accountId = options.accountId ?? savedAccount?.id ?? newHexId();
        this.access = new AccessRegistry(this.store, this.accountId);
        this.riskScores = new RiskScores(this.store, this.accountId);
        this.privateNetwork = new PrivateNetworkRegistry(this.store, this.accountId);
        const { store, accountId, tunnels, hostnames } = this;
        this.overview = new OverviewRegistry({ store, accountId, tunnels, hostnames });
        // Ids that are made up are made up once, so that a reset gives the same ones again.
        const furtherAccounts = options.furtherAccounts.map((account) => ({
            ...account,
            zones: withIds(account.zones),
        }));
        this.#options = { ...options, zones: withIds(options.zones), furtherAccounts };
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

    #furnish(team: string | undefined): void {
        const { clock, zones, furtherAccounts } = this.#options;
        const now = clock().toISOString();
        furnish(this.store, { accountId: this.accountId, zones, team, defaultTeam, now });
        for (const account of furtherAccounts) {
            furnish(this.store, { accountId: account.id, zones: account.zones, team: account.team, defaultTeam, now });
        }
    }
}

function withIds(zones: CheckedOptions["zones"]): CheckedOptions["zones"] {
    return zones.map(({ name, id }) => ({ name, id: id ?? newHexId() }));
}

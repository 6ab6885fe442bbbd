import type {
    AccessDirectory,
    ApplicationSettings,
    ClientCertificateAuthority,
    DirectoryApplication,
    DirectoryPolicy,
    IdentityProvider,
    Organization,
    PostureRule,
    ServiceToken,
} from "../accessDirectory.ts";
import { type AccessApplication, applications } from "./products/access/application.ts";
import type { AttachedPolicy } from "./products/access/applicationPolicies.ts";
import { certificates } from "./products/access/certificates.ts";
import { hostnamesOf } from "./products/access/destinations.ts";
import { type AccessGroup, groups } from "./products/access/group.ts";
import { identityProviders } from "./products/access/identityProviders.ts";
import { organizations } from "./products/access/organizations.ts";
import { type PolicyBody, policies } from "./products/access/policy.ts";
import { serviceTokens } from "./products/access/serviceTokens.ts";
import { rootScope } from "./products/accounts.ts";
import { devices } from "./products/devices/device.ts";
import { postureRules } from "./products/devices/postureRules.ts";
import { zones } from "./products/dns/zones.ts";
import { gatewayLists } from "./products/gateway/lists.ts";
import { RiskScores } from "./riskScores.ts";
import { Derived } from "./store/derived.ts";
import type { Row, Store, TableKey } from "./store/store.ts";

/** What Access at the edge reads of the store: one account's objects, and those of its zones. */
export class AccessRegistry implements AccessDirectory {
    readonly #store: Store;
    readonly #accountId: string;
    /** The account and its zones. */
    readonly #scopes: Derived<readonly string[]>;
    readonly #applications: Derived<readonly DirectoryApplication[]>;
    readonly #names: Derived<ReadonlyMap<string, string>>;
    readonly #riskScores: RiskScores;

    constructor(store: Store, accountId: string) {
        this.#store = store;
        this.#accountId = accountId;
        this.#scopes = new Derived(store, () => {
            const ownZones = store.table(rootScope, zones).filter(({ account }) => account.id === accountId);
            return [accountId, ...ownZones.map(({ id }) => id)];
        });
        this.#applications = new Derived(store, () =>
            this.#all(applications)
                .map((application) => this.#inFull(application))
                .filter(({ hostnames }) => hostnames.length > 0),
        );
        this.#riskScores = new RiskScores(store, accountId);
        this.#names = new Derived(store, () => this.#namesById());
    }

    organization(): Organization | undefined {
        return this.#store.table(this.#accountId, organizations).get(this.#accountId);
    }

    applications(): readonly DirectoryApplication[] {
        return this.#applications.value;
    }

    group(id: string): AccessGroup | undefined {
        return this.#all(groups).find((group) => group.id === id);
    }

    listValues(id: string): string[] | undefined {
        const list = this.#store.table(this.#accountId, gatewayLists).get(id);
        return list && (list.items ?? []).map(({ value }) => value);
    }

    serviceToken(clientId: string): ServiceToken | undefined {
        return this.#all(serviceTokens).find((token) => token.client_id === clientId);
    }

    identityProviders(): IdentityProvider[] {
        return this.#all(identityProviders);
    }

    postureRules(): PostureRule[] {
        return this.#store.table(this.#accountId, postureRules).all();
    }

    devicePosture(email: string): readonly string[] | undefined {
        const own = this.#store
            .table(this.#accountId, devices)
            .filter((device) => device.email === email.toLowerCase());
        const [first, ...others] = own;
        return first?.passed.filter((id) => others.every(({ passed }) => passed.includes(id)));
    }

    riskScore(email: string): string | undefined {
        return this.#riskScores.get(email)?.riskScore;
    }

    nameOf(id: string): string | undefined {
        return this.#names.value.get(id);
    }

    clientCertificateAuthorities(): ClientCertificateAuthority[] {
        return this.#all(certificates);
    }

    #all<R extends Row>(key: TableKey<R>): R[] {
        return this.#scopes.value.flatMap((scope) => this.#store.table(scope, key).all());
    }

    #namesById(): Map<string, string> {
        const named: readonly { id: string; name: string }[] = [
            ...this.#all(groups),
            ...this.#all(serviceTokens),
            ...this.#all(applications),
            ...this.#all(identityProviders),
            ...this.postureRules(),
            ...this.#store.table(this.#accountId, gatewayLists).all(),
        ];
        return new Map(named.map(({ id, name }) => [id, name]));
    }

    #inFull({
        id,
        aud,
        name,
        type,
        destinations,
        policies: attached,
        settings,
    }: AccessApplication): DirectoryApplication {
        return {
            id,
            aud,
            name,
            type,
            hostnames: hostnamesOf(destinations),
            policies: attached.flatMap((policy) => this.#policy(policy)),
            // The application's body was checked against the same names when it was stored.
            settings: settings as ApplicationSettings,
        };
    }

    /** A reference to a policy that is gone lets nobody in: the rest of the policies decide. */
    #policy({ id, precedence, own }: AttachedPolicy): DirectoryPolicy[] {
        const body = own ?? this.#store.table(this.#accountId, policies).get(id);
        return body === undefined ? [] : [{ ...(body as PolicyBody), id, precedence }];
    }
}

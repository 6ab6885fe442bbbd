import { setTimeout as delay } from "node:timers/promises";
import { askApi, type CloudflareApi } from "../../../cli/cloudflareApi.ts";
import type { LoggedRequest } from "../../../emulator/api/http/requestLog.ts";
import type { Grant } from "./labelledServices.ts";

/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 150;

interface DnsRecord {
    readonly id: string;
    readonly name: string;
}

interface Application {
    readonly domain: string;
    readonly policies: readonly { readonly id: string }[];
}

/** Looks at an emulated account all the time: who is let in where, and whether a name is published that nothing guards. */
export class AccountWitness implements AsyncDisposable {
    readonly grants: Grant[] = [];
    /** Names that had a record, and no application with a policy, at one moment. */
    readonly unguarded: string[] = [];
    readonly #api: CloudflareApi;
    readonly #account: string;
    readonly #zone: string;
    readonly #stop = new AbortController();
    readonly #over: Promise<void>;
    #seen = 0;

    private constructor(api: CloudflareApi, account: string, zone: string) {
        this.#api = api;
        this.#account = `/accounts/${account}`;
        this.#zone = `/zones/${zone}`;
        this.#over = this.#look();
    }

    static async open(api: CloudflareApi): Promise<AccountWitness> {
        const [zone] = await askApi<{ id: string; account: { id: string } }[]>(api, "/zones");
        if (zone === undefined) throw new Error("The account has no zone.");
        return new AccountWitness(api, zone.account.id, zone.id);
    }

    /** Those of the names that have a record, each with the policies before it, sorted. */
    async published(names: readonly string[]): Promise<Record<string, string[]>> {
        const [records, applications] = [await this.#records(), await this.#applications()];
        return Object.fromEntries(
            records
                .filter(({ name }) => names.includes(name))
                .map(({ name }) => [
                    name,
                    applications
                        .filter(({ domain }) => domain === name)
                        .flatMap(({ policies }) => policies.map(({ id }) => id))
                        .sort(),
                ]),
        );
    }

    /** Names of tunnels and domains of applications, sorted. */
    async objects(): Promise<{ tunnels: string[]; applications: string[] }> {
        const tunnels = await askApi<{ name: string }[]>(
            this.#api,
            `${this.#account}/cfd_tunnel?is_deleted=false&per_page=1000`,
        );
        const applications = await this.#applications();
        return {
            tunnels: tunnels.map(({ name }) => name).sort(),
            applications: applications.map(({ domain }) => domain).sort(),
        };
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#stop.abort();
        await this.#over;
    }

    async #look(): Promise<void> {
        const { signal } = this.#stop;
        while (!signal.aborted) {
            const before = await this.#records();
            const applications = await this.#applications();
            const guarded = new Set(
                applications.filter(({ policies }) => policies.length > 0).map((one) => one.domain),
            );
            // A record that was there before and after was there when the applications were listed.
            const after = new Set((await this.#records()).map(({ id }) => id));
            const naked = before.filter(({ id, name }) => after.has(id) && !guarded.has(name));
            this.unguarded.push(...naked.map(({ name }) => name));
            await this.#readLog();
            await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
        }
    }

    /** Each look asks seldom enough that the log still has everything since the last one. */
    async #readLog(): Promise<void> {
        const own = { ...this.#api, baseUrl: new URL(this.#api.baseUrl).origin };
        const log = await askApi<(Omit<LoggedRequest, "time"> & { time: string })[]>(own, "/emulator/requests");
        const first = log[0]?.number ?? 0;
        if (this.#seen > 0 && first > this.#seen + 1) throw new Error("The emulator's log was read too late.");
        for (const { number, time, method, path, body, status } of log) {
            const isWrite = ["POST", "PUT"].includes(method) && /\/access\/apps(\/|$)/.test(path) && status < 300;
            if (number <= this.#seen || !isWrite) continue;
            const { domain, policies = [] } = body as Partial<Application>;
            this.grants.push({
                hostname: domain ?? "",
                policyIds: policies.map((policy) => (typeof policy === "string" ? policy : policy.id)),
                at: Date.parse(time),
            });
        }
        this.#seen = log.at(-1)?.number ?? this.#seen;
    }

    #records(): Promise<DnsRecord[]> {
        return askApi(this.#api, `${this.#zone}/dns_records?per_page=1000`);
    }

    #applications(): Promise<Application[]> {
        return askApi(this.#api, `${this.#account}/access/apps?per_page=1000`);
    }
}

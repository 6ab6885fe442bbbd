import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type Docker from "dockerode";
import { objectsExcept, objectsOf, removeObjects } from "../../toolchain/docker/index.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { askApi, type CloudflareApi } from "../cloudflareApi.ts";
import { knownObjects } from "../engine/knownObjects.ts";
import { refresh, refreshKnown } from "../engine/run.ts";

/** Where the things of an exposure are. */
export interface Surroundings {
    readonly api: CloudflareApi;
    readonly docker: Docker;
    readonly accountId: string;
    readonly zoneId: string;
    /** Stack that owns the exposure, as the label `sallyport.stack` tells. */
    readonly owner: string;
}

/** How an object that may have been made is found again: where its kind is listed, and which of its members say that it is the one. */
interface Traced {
    readonly list: (surroundings: Surroundings, inputs: Readonly<Record<string, unknown>>) => string;
    readonly item: (surroundings: Surroundings) => string;
    /** What the program said of it, in the API's words: together they tell it from what anybody else has. */
    readonly identity: readonly string[];
}

const TRACED: Readonly<Record<string, Traced>> = {
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared": {
        // Tunnels are named after stack and exposure.
        list: ({ accountId }, { name }) =>
            `/accounts/${accountId}/cfd_tunnel?is_deleted=false&name=${encodeURIComponent(String(name))}`,
        item: ({ accountId }) => `/accounts/${accountId}/cfd_tunnel`,
        identity: ["name"],
    },
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": {
        list: ({ accountId }) => `/accounts/${accountId}/access/apps?per_page=1000`,
        item: ({ accountId }) => `/accounts/${accountId}/access/apps`,
        identity: ["name", "domain"],
    },
    "cloudflare:index/dnsRecord:DnsRecord": {
        // The content names the exposure's own tunnel.
        list: ({ zoneId }, { name }) => `/zones/${zoneId}/dns_records?name=${encodeURIComponent(String(name))}`,
        item: ({ zoneId }) => `/zones/${zoneId}/dns_records`,
        identity: ["name", "type", "content"],
    },
};

/**
 * Brings state and reality together after an update of an exposure's stack that was cut off, a power cut included.
 *
 * What the engine had begun to make and did not hear of again is in no state, so it would stay for ever, and keep the name that the next attempt
 * needs. It is looked for by what the program said of it, and removed; the rest is read anew. Nothing else of the account or the Swarm is touched.
 *
 * @throws CommandError where the engine that was thought to be gone is still at work.
 */
export async function clearLeftovers(stack: Stack, exposure: string, surroundings: Surroundings): Promise<void> {
    if ((await knownObjects(stack)).pending.length === 0) return;
    // It takes the engine's lock, which nobody gets while another one is at work.
    await refreshKnown(stack, silentProgress);
    const { ids: known, pending } = await knownObjects(stack);
    const begun = pending.filter(({ type }) => type === "creating").map(({ resource }) => resource);
    // Names first, guards last, as everywhere.
    for (const resource of begun.toSorted((a, b) => rank(a.type) - rank(b.type))) {
        const traced = TRACED[resource.type];
        if (traced !== undefined) await removeTraced(traced, resource.inputs ?? {}, known, surroundings);
    }
    if (begun.some(({ type }) => type.startsWith("docker:"))) {
        const { docker, owner } = surroundings;
        const all = await objectsOf(docker, owner, [`sallyport.exposure=${exposure}`]);
        await removeObjects(docker, objectsExcept(all, known));
    }
    await refresh(stack, silentProgress);
}

function rank(type: string): number {
    return type.endsWith(":DnsRecord") ? 0 : 1;
}

async function removeTraced(
    { list, item, identity }: Traced,
    inputs: Readonly<Record<string, unknown>>,
    known: ReadonlySet<string>,
    surroundings: Surroundings,
): Promise<void> {
    const { api } = surroundings;
    const candidates = await askApi<Readonly<Record<string, unknown>>[]>(api, list(surroundings, inputs));
    for (const candidate of candidates) {
        const isIt = identity.every((key) => inputs[key] !== undefined && inputs[key] === candidate[key]);
        if (isIt && !known.has(String(candidate.id))) {
            await askApi(api, `${item(surroundings)}/${encodeURIComponent(String(candidate.id))}`, "DELETE");
        }
    }
}

import { exposureName, exposuresOf, type LabelledService } from "../../stacks/labels.ts";
import { exposureFile } from "./exposureFile.ts";
import type { Owner } from "./owner.ts";
import type { PublishedName } from "./published.ts";

/** How far a labelled service has come. */
export const LabelState = {
    /** Published as its labels say. */
    Exposed: "exposed",
    /** Allowed, and not published yet, or not as its labels say now. */
    Pending: "pending",
    /** Not published, because of what `problems` say. */
    Refused: "refused",
    /** Published for a service that is gone or asks for nothing any more. */
    Orphaned: "orphaned",
} as const;
export type LabelState = (typeof LabelState)[keyof typeof LabelState];

/** A labelled service, a part of the answer of `sallyport swarm ls --json`. */
export interface ListedService {
    /** Name of the service; of the exposure where the service is gone. */
    service: string;
    /** By which everything that is made for the service is called. */
    exposure: string;
    state: LabelState;
    /** Host names with their paths, as the labels say; as they are published where there are no labels. */
    hostnames: string[];
    audiences: string[];
    /** Every mistake of a refused service, by its label. */
    problems: { path: string; reason: string }[];
}

/**
 * Every labelled service with its state, and what is still published without one.
 *
 * @param published the host names that are published now.
 * @param stacks names of the exposures that have a stack.
 */
export function listServices(
    owner: Owner,
    services: readonly LabelledService[],
    published: readonly PublishedName[],
    stacks: readonly string[],
): ListedService[] {
    const ids = new Map(services.map(({ id, name }) => [exposureName(name), id]));
    const byId = new Map(services.map((service) => [service.id, service]));
    const held = new Map(published.map(({ hostname, exposure }) => [hostname, ids.get(exposure) ?? ""]));
    const { exposures, refused } = exposuresOf(services, owner.rules, held);
    const named = new Map(published.map((name) => [name.hostname, name]));
    const allowed = exposures.map(({ name, serviceId, serviceName, routes }): ListedService => {
        const service = byId.get(serviceId);
        const revision = service === undefined ? undefined : exposureFile(owner, service).revision;
        const isThere = routes.every(({ hostname }) => {
            const now = named.get(hostname);
            return now?.exposure === name && now.revision === revision;
        });
        return {
            service: serviceName,
            exposure: name,
            state: isThere ? LabelState.Exposed : LabelState.Pending,
            hostnames: routes.map(({ hostname, path }) => `${hostname}${path ?? ""}`),
            audiences: [...new Set(routes.flatMap(({ audiences }) => audiences))],
            problems: [],
        };
    });
    const shut = refused.map(({ serviceName: service, problems }): ListedService => {
        const exposure = exposureName(service);
        return { service, exposure, state: LabelState.Refused, hostnames: [], audiences: [], problems };
    });
    const asking = new Set([...allowed, ...shut].map(({ exposure }) => exposure));
    const left = new Set([...stacks, ...published.map(({ exposure }) => exposure)].filter((name) => !asking.has(name)));
    const orphans = [...left].map((exposure): ListedService => {
        const names = published.filter((name) => name.exposure === exposure).map(({ hostname }) => hostname);
        const state = LabelState.Orphaned;
        return { service: exposure, exposure, state, hostnames: names, audiences: [], problems: [] };
    });
    return [...allowed, ...shut, ...orphans].sort((a, b) => (a.service < b.service ? -1 : 1));
}

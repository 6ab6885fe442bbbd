import { labelledServices } from "../../stacks/labelledServices.ts";
import type { LabelledService } from "../../stacks/labels.ts";
import type { Progress } from "../../toolchain/index.ts";
import { engineOf } from "./engineOf.ts";
import { ExposureStacks } from "./exposureStacks.ts";
import { LabelState, type ListedService, listServices } from "./list.ts";
import { type Owner, openOwner } from "./owner.ts";
import { foreignNames } from "./ownership.ts";
import { publishedNames } from "./published.ts";

/** Every labelled service of a stack's Swarm, as Docker, Cloudflare and the engine tell it now. */
export async function listLabelled(stack: string, progress: Progress): Promise<ListedService[]> {
    const owner = await openOwner(stack, progress);
    const { listed } = await readLabelled(owner, ExposureStacks.prepare(owner));
    return listed;
}

/** What labels come to, beside the services and the names of the exposures that have a stack. */
export interface ReadLabelled {
    services: LabelledService[];
    names: string[];
    listed: ListedService[];
}

/** Reads everything that says how far labelled services are. A name that is somebody else's in the zone refuses its service as well. */
export async function readLabelled(owner: Owner, stacks: ExposureStacks): Promise<ReadLabelled> {
    const [services, published, names] = await Promise.all([
        engineOf(owner).then(labelledServices),
        publishedNames(owner),
        stacks.names(),
    ]);
    const listed = listServices(owner, services, published, names).map(async (one): Promise<ListedService> => {
        if (one.state !== LabelState.Pending) return one;
        const hostnames = one.hostnames.map((name) => name.replace(/\/.*$/, ""));
        const problems = await foreignNames(owner, hostnames, one.exposure);
        return problems.length === 0 ? one : { ...one, state: LabelState.Refused, problems };
    });
    return { services, names, listed: await Promise.all(listed) };
}

/** A line for each service, and a further one for each further reason. */
export function rowsOf(services: readonly ListedService[]): string[][] {
    return services.flatMap(({ service, state, hostnames, audiences, problems }) => {
        const [first = "", ...others] = problems.map(({ path, reason }) => `${path}: ${reason}`);
        return [
            [service, state, hostnames.join(", "), audiences.join(", "), first],
            ...others.map((reason) => ["", "", "", "", reason]),
        ];
    });
}

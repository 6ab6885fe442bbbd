import { labelledServices } from "../../stacks/labelledServices.ts";
import type { Progress } from "../../toolchain/index.ts";
import { engineOf } from "./engineOf.ts";
import { ExposureStacks } from "./exposureStacks.ts";
import { type ListedService, listServices } from "./list.ts";
import { openOwner } from "./owner.ts";
import { publishedNames } from "./published.ts";

/** Every labelled service of a stack's Swarm, as Docker, Cloudflare and the engine tell it now. */
export async function listLabelled(stack: string, progress: Progress): Promise<ListedService[]> {
    const owner = await openOwner(stack, progress);
    const docker = await engineOf(owner);
    const [services, published, stacks] = await Promise.all([
        labelledServices(docker),
        publishedNames(owner),
        ExposureStacks.prepare(owner).names(),
    ]);
    return listServices(owner, services, published, stacks);
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

import type { Progress } from "../../toolchain/index.ts";
import { ExposureStacks } from "../swarm/exposureStacks.ts";
import { LabelState, type ListedService } from "../swarm/list.ts";
import { readLabelled } from "../swarm/ls.ts";
import { openOwner } from "../swarm/owner.ts";
import { DriftSource } from "./difference.ts";
import { apiDifferences, type ResourceDifference } from "./engineDifferences.ts";

/** Labelled services that are not published as they ask, and what is different in their small stacks. */
export async function labelDifferences(stack: string, progress: Progress): Promise<ResourceDifference[]> {
    const owner = await openOwner(stack, progress);
    const stacks = ExposureStacks.prepare(owner);
    const { listed, names } = await readLabelled(owner, stacks);
    const differences = unpublished(listed);
    progress.step("Comparing labelled services");
    for (const name of names) {
        progress.detail(name);
        differences.push(...apiDifferences(await stacks.previewRefresh(name)));
    }
    return differences;
}

const UNPUBLISHED: Readonly<Partial<Record<LabelState, string>>> = {
    [LabelState.Pending]: "asks by its labels for what is not published so",
    [LabelState.Orphaned]: "is published for a service that is gone",
};

/** What `sallyport swarm watch` has not done, or not yet. A service that is refused is as it should be: shut. */
export function unpublished(listed: readonly ListedService[]): ResourceDifference[] {
    return listed.flatMap(({ service, state, hostnames }) => {
        const what = UNPUBLISHED[state];
        if (what === undefined) return [];
        return [
            {
                source: DriftSource.Program,
                subject: service,
                what: hostnames.length === 0 ? what : `${what}: ${hostnames.join(", ")}`,
                values: [],
                id: "",
                remedy: "see that `sallyport swarm watch` runs, or run it with --once",
            },
        ];
    });
}

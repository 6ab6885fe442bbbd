import { existsSync } from "node:fs";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { KeptPlugins, type Progress } from "../../toolchain/index.ts";
import { explained } from "../engine/failure.ts";
import { shortName } from "../engine/shortName.ts";
import { exportState } from "../engine/state.ts";
import { ExposureStacks, stackNameOf, swarmFolder } from "../swarm/exposureStacks.ts";
import { openOwner } from "../swarm/owner.ts";

/** How many small stacks are destroyed at once. */
const AT_ONCE = 2;

/** Takes away what labels of services published, which stands before what the stack itself has. Nothing where no service ever was published. */
export async function removeExposures(progress: Progress): Promise<void> {
    if (!existsSync(swarmFolder(LOCAL_STACK))) return;
    await using plugins = new KeptPlugins();
    const stacks = ExposureStacks.prepare(await openOwner(LOCAL_STACK, progress), plugins);
    const names = await stacks.names();
    if (names.length === 0) return;
    progress.step("Taking away what labels published");
    const removeNext = async () => {
        for (let name = names.pop(); name !== undefined; name = names.pop()) {
            progress.detail(name);
            await stacks.remove(name);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, removeNext));
    progress.done();
}

/** Ids of everything that the small stacks of labelled services are known to have. */
export async function idsOfExposures({ workspace }: Stack): Promise<string[]> {
    const prefix = stackNameOf(LOCAL_STACK, "");
    const all = await explained(workspace.listStacks());
    const small = all.map(({ name }) => shortName(name)).filter((name) => name.startsWith(prefix));
    const states = await Promise.all(small.map((name) => exportState({ name, workspace })));
    return states
        .flatMap(({ deployment }) => deployment.resources ?? [])
        .flatMap(({ id }) => (id === undefined ? [] : [id]));
}

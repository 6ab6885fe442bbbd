import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import type { Progress } from "../../toolchain/index.ts";
import { redeployCommand } from "../audit/catalogue.ts";
import { messageOf } from "../audit/finding.ts";
import { type AuditTarget, auditTarget } from "../audit/target.ts";
import { preview, previewRefresh } from "../engine/run.ts";
import { openDeployed } from "../local/openDeployed.ts";
import { projectDir } from "../project.ts";
import { haveOwnStacks } from "../swarm/plan.ts";
import { lastAuthors } from "./authors.ts";
import type { Difference, Drift, NotCompared } from "./difference.ts";
import { apiDifferences, programDifferences, type ResourceDifference } from "./engineDifferences.ts";
import { labelDifferences } from "./labelDifferences.ts";
import { runningDifferences } from "./runningDifferences.ts";

/**
 * Compares a stack three ways: what its files declare with what was deployed last, that with what Cloudflare and Docker have, and what is
 * promised with what runs. Nothing is changed.
 *
 * @throws CommandError when the stack itself cannot be reached.
 */
export async function drift(name: string, progress: Progress): Promise<Drift> {
    try {
        const environment = readStackFile(projectDir, name);
        const stack = await openDeployed(name, progress);
        const target = await auditTarget(name);
        const resources = await resourceDifferences(stack, environment.zone.name, progress);
        if (await haveOwnStacks(environment, stack)) resources.push(...(await labelDifferences(name, progress)));
        const named = await withAuthors(resources, target);
        progress.step("Comparing what runs");
        const running = await runningDifferences(target, redeployCommand(name, target.local !== undefined));
        const differences = [...named.differences, ...running.differences];
        const notCompared = [...named.notCompared, ...running.notCompared];
        return { stack: name, ok: differences.length === 0, differences, notCompared };
    } finally {
        progress.done();
    }
}

async function resourceDifferences(stack: Stack, zone: string, progress: Progress): Promise<ResourceDifference[]> {
    progress.step("Comparing what the files declare with what was deployed");
    const planned = await preview(stack, [zone], progress);
    progress.step("Comparing what was deployed with what is there");
    const found = await previewRefresh(stack, progress);
    return [...programDifferences(planned), ...apiDifferences(found)];
}

/** Says of what was changed in the account who did it. Docker keeps no such log. */
export async function withAuthors(
    resources: readonly ResourceDifference[],
    { api, accountId }: Pick<AuditTarget, "api" | "accountId">,
): Promise<{ differences: Difference[]; notCompared: NotCompared[] }> {
    const isLogged = ({ source, type, id }: ResourceDifference) =>
        source === "api" && id !== "" && type?.startsWith("cloudflare:") === true;
    const ids = resources.filter(isLogged).map(({ id }) => id);
    const notCompared: NotCompared[] = [];
    const authors = await lastAuthors(api, accountId, ids).catch((error: unknown) => {
        notCompared.push({ what: "who changed what is in the account", reason: messageOf(error) });
        return new Map<string, never>();
    });
    const differences = resources.map((resource) => {
        const { id, ...difference } = resource;
        const author = isLogged(resource) ? authors.get(id) : undefined;
        return author === undefined ? difference : { ...difference, author };
    });
    return { differences, notCompared };
}

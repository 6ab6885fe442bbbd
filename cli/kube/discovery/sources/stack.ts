import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import { LOCAL_STACK } from "../../../../stacks/config/localStack.ts";
import { findTool, preparePulumi, silentProgress } from "../../../../toolchain/index.ts";
import type { LocalEdge } from "../../../edgeProxy.ts";
import { openWorkspace } from "../../../engine/open.ts";
import { exportState } from "../../../engine/state.ts";
import { runningEmulator } from "../../../local/emulatorProcess.ts";
import { localFiles } from "../../../local/files.ts";
import { localEngineEnv } from "../../../local/stack.ts";
import { projectDir } from "../../../project.ts";
import { readCatalogueDocument } from "../catalogueDocument.ts";
import type { Reading } from "../cluster.ts";

/** The stack resource in a state: its outputs are the stack's. */
const STACK = "pulumi:pulumi:Stack";

/** The catalogue in a stack's state. It holds no secret, so no passphrase is needed. A stack without clusters has none. */
export async function readStack({ stack }: SourceOf<"stack">, signal: AbortSignal): Promise<Reading> {
    // Discovery waits for no download and no build.
    if ((await findTool("pulumi")) === undefined) {
        throw new Error("Pulumi is not installed; run: npx sallyport doctor");
    }
    const pulumi = await preparePulumi({ projectDir, progress: silentProgress });
    const { edge, ...place } = stack === LOCAL_STACK ? await localPlace() : { workDir: projectDir };
    const workspace = await openWorkspace({ pulumi, ...place });
    const { deployment } = await exportState({ name: stack, workspace }, signal);
    const outputs = deployment.resources?.find(({ type }) => type === STACK)?.outputs;
    if (outputs?.clusters === undefined) {
        return { clusters: [], problems: [] };
    }
    const { clusters } = readCatalogueDocument(outputs.clusters);
    return { clusters: clusters.map((cluster) => ({ ...cluster, ...(edge && { edge }) })), problems: [] };
}

async function localPlace(): Promise<{ workDir: string; env: Record<string, string>; edge: LocalEdge }> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new Error("the local environment is not running; start it: npm run local");
    }
    return {
        workDir: localFiles.project,
        env: localEngineEnv(emulator.apiBaseUrl),
        edge: { address: emulator.https, caFile: localFiles.edgeCa },
    };
}

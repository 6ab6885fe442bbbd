import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { exportState } from "./state.ts";

/** An operation on a resource that the engine had begun, and of which nobody knows whether it was done. */
export interface PendingOperation {
    readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
    readonly resource: { readonly type: string; readonly inputs?: Readonly<Record<string, unknown>> };
}

/** What a stack's state tells of the outside. */
export interface KnownObjects {
    /** Ids of everything that the stack is known to have. */
    readonly ids: ReadonlySet<string>;
    readonly pending: readonly PendingOperation[];
}

/** Reads from a stack's state what is outside of it (pulumi, sdk/go/common/apitype/core.go: `DeploymentV3`). */
export async function knownObjects(stack: Stack): Promise<KnownObjects> {
    const { deployment } = await exportState(stack);
    const ids = (deployment.resources ?? []).flatMap(({ id }) => (id === undefined ? [] : [id]));
    const pending = (deployment.pending_operations ?? []) as readonly PendingOperation[];
    return { ids: new Set(ids), pending };
}

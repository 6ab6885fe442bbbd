import type * as pulumi from "@pulumi/pulumi";
import type { CreateResult, PropertyMap } from "../../../toolchain/fallback/plugin/provider.ts";
import { provider } from "../../../toolchain/fallback/providers/tls/index.ts";

/**
 * Makes real keys and certificates for programs under test, as the `tls` provider does, and keeps them as a stack's state would: the same resource with the
 * same inputs is the same one in the next deployment. Whatever is no resource of that provider is not answered.
 */
export function certificateState() {
    const state = new Map<string, Promise<CreateResult>>();
    return async ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
        const handler = provider.resources[type];
        if (handler === undefined) return undefined;
        const key = JSON.stringify([type, name, inputs]);
        const request = { urn: name, type, name, timeoutSeconds: 0, inputs: inputs as PropertyMap };
        const made = state.get(key) ?? handler.create(request);
        state.set(key, made);
        const { id, outputs } = await made;
        return { id, state: { ...outputs } };
    };
}

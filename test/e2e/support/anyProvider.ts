import type { ResourceHandler, ResourceProvider } from "../../../toolchain/fallback/plugin/provider.ts";
import { serve } from "../../../toolchain/fallback/plugin/serve.ts";

/** Takes whatever it is given: what a policy pack judges are a program's inputs. */
const handler: ResourceHandler = {
    computed: ["made"],
    create: async ({ name, inputs }) => ({ id: name, outputs: inputs }),
    read: async ({ id, inputs, state }) => ({ id, inputs, outputs: state }),
    delete: async () => undefined,
};

/** A provider of any package, which the engine is told about by the environment. */
export interface AnyProvider extends AsyncDisposable {
    readonly env: Readonly<Record<string, string>>;
}

/**
 * Serves resources of any packages to an engine, which then looks for no plugin of theirs (`PULUMI_DEBUG_PROVIDERS`).
 *
 * @param types tokens of the resources
 */
export async function serveAnyProvider(types: readonly string[]): Promise<AnyProvider> {
    const provider: ResourceProvider = {
        name: "any",
        version: "1.0.0",
        resources: Object.fromEntries(types.map((type) => [type, handler])),
    };
    const server = await serve(() => provider);
    const packages = new Set(types.map((type) => type.split(":")[0]));
    return {
        env: { PULUMI_DEBUG_PROVIDERS: [...packages].map((name) => `${name}:${server.port}`).join(",") },
        [Symbol.asyncDispose]: () => server.stop(),
    };
}

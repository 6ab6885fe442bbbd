/** A provider that goes on from one run to the next: engines attach to it, one after the other and side by side. */
import { expect, it } from "vitest";
import type { PropertyMap, ProviderHost, ResourceProvider } from "../../toolchain/fallback/plugin/provider.ts";
import { serve } from "../../toolchain/fallback/plugin/serve.ts";
import { FakeEngine } from "./support/engine.ts";

const TYPE = "test:index/thing:Thing";

/** What it creates tells how its provider was configured, and whether the run was cancelled. */
function createProvider(): ResourceProvider {
    let configured: { readonly config: PropertyMap; readonly host: ProviderHost } | undefined;
    return {
        name: "test",
        version: "1.0.0",
        configure: (config, host) => {
            configured = { config, host };
        },
        resources: {
            [TYPE]: {
                create: async () => {
                    const isCancelled = configured?.host.cancelled.aborted ?? false;
                    return { id: "1", outputs: { account: configured?.config.account ?? "", isCancelled } };
                },
                read: async () => undefined,
                delete: async () => undefined,
            },
        },
    };
}

/** Outputs of a resource that the engine creates. */
async function outputsOf(engine: FakeEngine) {
    return (await engine.create(TYPE, "thing", {})).outputs;
}

it("gives each engine what that engine configured", async () => {
    const server = await serve(createProvider);
    {
        await using one = await FakeEngine.attach(server.port, { account: "one" });
        await using other = await FakeEngine.attach(server.port, { account: "other" });
        expect(await outputsOf(one)).toMatchObject({ account: "one" });
        expect(await outputsOf(other)).toMatchObject({ account: "other" });
    }
    await server.stop();
});

it("gives up what a cancelled engine asked for, and goes on for the others and for those that come", async () => {
    const server = await serve(createProvider);
    {
        await using one = await FakeEngine.attach(server.port);
        await using other = await FakeEngine.attach(server.port);
        await one.cancel();
        expect(await outputsOf(one)).toMatchObject({ isCancelled: true });
        expect(await outputsOf(other)).toMatchObject({ isCancelled: false });
        await using next = await FakeEngine.attach(server.port);
        expect(await outputsOf(next)).toMatchObject({ isCancelled: false });
    }
    await server.stop();
});

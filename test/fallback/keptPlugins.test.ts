/** The process that keeps plugins for one who runs the engine many times. */
import { mkdtempDisposableSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { FALLBACK_PACKAGES } from "../../toolchain/fallback/install.ts";
import { KeptPlugins, type PreparedPulumi, ProviderSource } from "../../toolchain/index.ts";

function pulumiOf(pulumiHome: string, providers: ProviderSource): PreparedPulumi {
    return { pulumi: "/pulumi", pulumiHome, providers, env: {} };
}

/** Whether something listens on each of the ports that are named. */
async function listens(env: Readonly<Record<string, string>>): Promise<boolean[]> {
    const ports = Object.values(env).flatMap((list) => list.split(",").map((one) => Number(one.split(":")[1])));
    return Promise.all(
        ports.map(
            (port) =>
                new Promise<boolean>((resolve) => {
                    const socket = connect(port, "127.0.0.1");
                    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
                    socket.once("connect", () => socket.destroy());
                }),
        ),
    );
}

it("serves language host and providers, the same ones to everybody who asks, and is gone when it is not needed any more", async () => {
    using home = mkdtempDisposableSync(`${tmpdir()}/sallyport-kept-`);
    const pulumi = pulumiOf(home.path, ProviderSource.Fallback);
    let env: Readonly<Record<string, string>>;
    {
        await using plugins = new KeptPlugins();
        const [one, other] = await Promise.all([plugins.attach(pulumi, {}), plugins.attach(pulumi, {})]);
        env = one;
        expect(env).toEqual({
            PULUMI_DEBUG_LANGUAGES: expect.stringMatching(/^nodejs:\d+$/),
            PULUMI_DEBUG_PROVIDERS: expect.stringMatching(
                new RegExp(`^${FALLBACK_PACKAGES.map((name) => `${name}:\\d+`).join(",")}$`),
            ),
        });
        expect(other).toEqual(env);
        expect(new Set(await listens(env))).toEqual(new Set([true]));
        // A token that was replaced must not be used any longer.
        const anew = await plugins.attach(pulumi, { CLOUDFLARE_API_TOKEN: "another" });
        expect(new Set(await listens(env))).toEqual(new Set([false]));
        env = anew;
        expect(new Set(await listens(env))).toEqual(new Set([true]));
    }
    expect(new Set(await listens(env))).toEqual(new Set([false]));
});

it("leaves the official providers to the engine, and starts nothing once it is over", async () => {
    using home = mkdtempDisposableSync(`${tmpdir()}/sallyport-kept-`);
    const plugins = new KeptPlugins();
    expect(await plugins.attach(pulumiOf(home.path, ProviderSource.Official), {})).toEqual({});
    await plugins[Symbol.asyncDispose]();
    expect(await plugins.attach(pulumiOf(home.path, ProviderSource.Fallback), {})).toEqual({});
});

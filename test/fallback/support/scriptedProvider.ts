import { cloudflareProvider } from "../../../toolchain/fallback/providers/cloudflare/index.ts";
import { FakeEngine, secret } from "./engine.ts";
import { type Answer, startScriptedServer } from "./scriptedServer.ts";

/** The Cloudflare provider under an engine, in front of an API that answers from a script. It never waits between two tries. */
export async function startScriptedProvider(answers: readonly Answer[], environment: NodeJS.ProcessEnv = {}) {
    const server = await startScriptedServer(answers);
    const provider = cloudflareProvider(environment, async () => undefined);
    const engine = await FakeEngine.start(provider, { apiToken: secret("token"), baseUrl: server.baseUrl });
    return {
        server,
        engine,
        async [Symbol.asyncDispose]() {
            await engine[Symbol.asyncDispose]();
            await server[Symbol.asyncDispose]();
        },
    };
}

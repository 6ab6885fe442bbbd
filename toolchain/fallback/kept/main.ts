/**
 * One process in which language host and providers go on from one run of the engine to the next; started by `start.ts`. It prints, as one line of
 * JSON, the variables that let an engine attach to them.
 */
import { flushCompileCache } from "node:module";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import { FALLBACK_PACKAGES } from "../install.ts";
import { languageService } from "../languageHost/service.ts";
import { endWithParent } from "../plugin/endWithParent.ts";
import { listen } from "../plugin/listen.ts";
import type { ResourceProvider } from "../plugin/provider.ts";
import { serve } from "../plugin/serve.ts";
import { keptRuntime } from "./runtime.ts";

const runtime = keptRuntime();
const languages = languageService(runtime);
const host = await listen(services.LanguageRuntimeService, languages.service);
const providers = await Promise.all(
    FALLBACK_PACKAGES.map(async (name) => {
        const { createProvider }: { createProvider: () => ResourceProvider } = await import(
            `../providers/${name}/index.ts`
        );
        return { name, server: await serve(createProvider) };
    }),
);
endWithParent(async () => {
    languages.cancel();
    runtime.end();
    for (const { server } of providers) server.cancel();
    await Promise.all([host, ...providers.map(({ server }) => server)].map((server) => server.stop()));
});
const env = {
    PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
    PULUMI_DEBUG_PROVIDERS: providers.map(({ name, server }) => `${name}:${server.port}`).join(","),
};
process.stdout.write(`${JSON.stringify(env)}\n`);
// Written now: at a killed process's end, Node would not get to it.
flushCompileCache();

/**
 * The plugins' entry point: `main.ts <package> <engine address>`, run by the executables that `install.ts` writes.
 * `providers/<package>/index.ts` exports `createProvider`.
 */
import { report } from "./listen.ts";
import type { ResourceProvider } from "./provider.ts";
import { serve } from "./serve.ts";

const [packageName = "", engineAddress] = process.argv.slice(2);
const { createProvider }: { createProvider: () => ResourceProvider } = await import(
    `../providers/${packageName}/index.ts`
);
const server = await serve(createProvider, engineAddress);
report(server, server.cancel);

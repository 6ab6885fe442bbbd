import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { instrument, type Mutation } from "./mutations.ts";

/** What the process asks for: `vitest` becomes the gatherer of tests, and the pack's modules are instrumented as they are loaded. */
export function register(root: string, mutate: (file: string) => boolean): readonly Mutation[] {
    const mutations: Mutation[] = [];
    const gatherer = new URL("collect.ts", import.meta.url).href;
    registerHooks({
        resolve: (specifier, context, next) =>
            specifier === "vitest"
                ? { url: gatherer, format: "module-typescript", shortCircuit: true }
                : next(specifier, context),
        load: (url, context, next) => {
            const file = url.startsWith(pathToFileURL(root).href) ? relative(root, fileURLToPath(url)) : "";
            if (!mutate(file)) return next(url, context);
            const { code, mutations: found } = instrument(
                file,
                readFileSync(fileURLToPath(url), "utf8"),
                mutations.length,
            );
            mutations.push(...found);
            return { format: "module-typescript", source: code, shortCircuit: true };
        },
    });
    return mutations;
}

import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { instrument, type Mutation } from "./mutations.ts";

const GATHERER = new URL("collect.ts", import.meta.url).href;

/** Which instance of a module is meant: what is computed while modules are loaded is computed anew in each. */
const GENERATION = /\?generation=\d+$/;

/**
 * Puts the gatherer of tests in the place of `vitest`, and instruments the pack's modules as they are loaded. A module that is imported with
 * `?generation=N` hands that on to its own imports, as far as they belong to the pack or its tests.
 *
 * @returns every mutation of what was loaded, by its id
 */
export function register(root: string, mutate: (file: string) => boolean): readonly Mutation[] {
    const mutations: Mutation[] = [];
    const sources = new Map<string, string>();
    const ours = ["policy/", "test/policy/"].map((folder) => pathToFileURL(`${root}/${folder}`).href);

    const sourceOf = (file: string): string => {
        const known = sources.get(file);
        if (known !== undefined) return known;
        const text = readFileSync(`${root}/${file}`, "utf8");
        const { code, mutations: found } = mutate(file)
            ? instrument(file, text, mutations.length)
            : { code: text, mutations: [] };
        mutations.push(...found);
        const stripped = stripTypeScriptTypes(code);
        sources.set(file, stripped);
        return stripped;
    };
    registerHooks({
        resolve: (specifier, context, next) => {
            const generation = GENERATION.exec(context.parentURL ?? "")?.[0] ?? "";
            const resolved = specifier === "vitest" ? { url: GATHERER } : next(specifier, context);
            const handedOn = ours.some((folder) => resolved.url.startsWith(folder)) && !GENERATION.test(resolved.url);
            return { ...resolved, url: handedOn ? `${resolved.url}${generation}` : resolved.url, shortCircuit: true };
        },
        load: (url, context, next) => {
            if (!GENERATION.test(url) || !url.includes(".ts?")) return next(url, context);
            const file = relative(root, fileURLToPath(url.replace(GENERATION, "")));
            return { format: "module", source: sourceOf(file), shortCircuit: true };
        },
    });
    return mutations;
}

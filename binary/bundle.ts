import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { projectDir } from "../cli/project.ts";

/** Modules that stand in for others in the single file, which has no project around it. */
const IN_PLACE_OF: Readonly<Record<string, string>> = {
    "cli/audit/target.ts": "auditTarget.ts",
    "cli/kube/discovery/sources/stack.ts": "stack.ts",
    "cli/kube/verdictAs.ts": "verdictAs.ts",
    "cli/project.ts": "project.ts",
    "toolchain/ensureTool.ts": "ensureTool.ts",
};

const standIns: Plugin = {
    name: "stand-ins",
    setup({ onResolve }) {
        onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, importer }) => {
            if (importer.includes("node_modules")) {
                return undefined;
            }
            const wanted = join(resolveDir, path);
            const standIn = IN_PLACE_OF[relative(projectDir, wanted)];
            // Modules of ours do nothing by being imported, so that what nobody uses of them is left out.
            return {
                path: standIn === undefined ? wanted : join(import.meta.dirname, "inPlaceOf", standIn),
                sideEffects: false,
            };
        });
    },
};

/** Puts the command line of a laptop and everything that it imports into one script; lazy imports stay lazy. */
export async function bundle(file: string): Promise<Metafile> {
    const { metafile } = await build({
        entryPoints: [join(import.meta.dirname, "main.ts")],
        outfile: file,
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node24",
        minify: true,
        // Errors and SDKs' commands are told apart by their names.
        keepNames: true,
        metafile: true,
        // Optional parts of libraries in machine code, which those do without where they are missing.
        external: ["*.node"],
        logOverride: { "empty-import-meta": "silent" },
        logLevel: "warning",
        plugins: [standIns],
    });
    const lost = usedSources(metafile).filter((source) => readFileSync(source, "utf8").includes("import.meta"));
    if (lost.length > 0) {
        const what = `no folder is around the single file, and these look into theirs: ${lost.join(", ")}`;
        throw new Error(
            `${what}. Import less (\`import()\` of an index brings all of it), or add stand-ins to IN_PLACE_OF.`,
        );
    }
    return metafile;
}

/** Our own modules of which something is in the bundle. */
export function usedSources({ outputs }: Metafile): string[] {
    return Object.values(outputs)
        .flatMap(({ inputs }) => Object.entries(inputs))
        .filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && !path.includes("node_modules"))
        .map(([path]) => path);
}

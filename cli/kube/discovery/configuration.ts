import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import {
    type ClusterSourceConfig,
    ClusterSourceKind,
    clusterSources,
    sourceName,
} from "../../../stacks/config/clusterSources.ts";
import { ConfigError } from "../../../stacks/config/configError.ts";
import { describeIssues } from "../../../stacks/config/issues.ts";
import { readStackFile } from "../../../stacks/config/stackFile.ts";
import { readIfThere } from "../../local/files.ts";
import { projectDir } from "../../project.ts";
import { configFolder, pathFrom } from "../configFolder.ts";

/** How long a source may take if nobody says: seconds. */
const LIMIT_SECONDS = 10;

const settings = z.strictObject({
    limitSeconds: z
        .number()
        .min(1, "is too short for any source. Write 1 to 120 seconds.")
        .max(120, "is longer than anybody waits. Write 1 to 120 seconds.")
        .default(LIMIT_SECONDS),
    sources: clusterSources.default([]),
});

/** Where clusters are looked for, and for how long. */
export interface DiscoveryConfiguration {
    readonly sources: readonly ClusterSourceConfig[];
    readonly limitMs: number;
}

/** The user's own settings: `kube.yaml` in {@link configFolder}. */
export const settingsFile = () => join(configFolder(), "kube.yaml");

/**
 * Where to look: what the user's own file names, and what stack files of the project name besides (`sallyport:clusterSources`). Of two sources
 * with one name the user's own counts.
 *
 * @throws ConfigError with every mistake in a file.
 */
export function readDiscoveryConfiguration(): DiscoveryConfiguration {
    const { sources: own, limitSeconds } = readSettings(settingsFile());
    const names = new Set(own.map(sourceName));
    const others = sourcesOfProject().filter((source) => {
        const isNew = !names.has(sourceName(source));
        names.add(sourceName(source));
        return isNew;
    });
    return { sources: [...own, ...others], limitMs: limitSeconds * 1000 };
}

/** One source that the command line names, in place of all others. */
export function onlySource(source: ClusterSourceConfig): DiscoveryConfiguration {
    return { sources: [withPathsFrom(process.cwd(), source)], limitMs: LIMIT_SECONDS * 1000 };
}

function readSettings(file: string): z.output<typeof settings> {
    const text = readIfThere(file);
    const parsed = settings.safeParse(text === undefined ? {} : (yamlIn(file, text) ?? {}), { reportInput: true });
    if (!parsed.success) {
        const root = { path: "", keys: Object.keys(settings.shape), owner: "this file" };
        throw new ConfigError(file, describeIssues(parsed.error.issues, root));
    }
    const { sources, limitSeconds } = parsed.data;
    return { limitSeconds, sources: sources.map((source) => withPathsFrom(dirname(file), source)) };
}

function yamlIn(file: string, text: string): unknown {
    try {
        return parse(text);
    } catch (error) {
        throw new ConfigError(file, [{ path: file, reason: `is not YAML: ${(error as Error).message}` }]);
    }
}

/** Stack files without the key are not looked at any further: a mistake in one of them is not this command's. */
function sourcesOfProject(): ClusterSourceConfig[] {
    return stackFilesIn(projectDir)
        .filter((stack) => readIfThere(join(projectDir, `Pulumi.${stack}.yaml`))?.includes("sallyport:clusterSources"))
        .flatMap((stack) => readStackFile(projectDir, stack, { readEmulator: false }).clusterSources)
        .map((source) => withPathsFrom(projectDir, source));
}

function stackFilesIn(folder: string): string[] {
    return readdirSync(folder)
        .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
        .toSorted();
}

function withPathsFrom(folder: string, source: ClusterSourceConfig): ClusterSourceConfig {
    switch (source.kind) {
        case ClusterSourceKind.Catalogue:
            return source.from.includes("://") ? source : { ...source, from: pathFrom(folder, source.from) };
        case ClusterSourceKind.Vault: {
            const { tokenFile, caFile } = source;
            return {
                ...source,
                ...(tokenFile === undefined ? {} : { tokenFile: pathFrom(folder, tokenFile) }),
                ...(caFile === undefined ? {} : { caFile: pathFrom(folder, caFile) }),
            };
        }
        default:
            return source;
    }
}

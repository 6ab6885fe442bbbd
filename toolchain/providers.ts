import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { isExecutable } from "./engine.ts";
import { ToolError } from "./errors.ts";
import { packageVersions } from "./packages.ts";

/** The providers that our stacks use. */
export const PROVIDER_NAMES = ["cloudflare", "docker", "kubernetes", "random", "tls"] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** A provider plugin in the version that belongs to the installed npm package. */
export interface Provider {
    readonly name: ProviderName;
    readonly version: string;
}

/**
 * The provider plugins, in the versions of the npm packages that a program of the project loads: the engine asks for exactly these.
 *
 * @throws ToolError when a package is missing.
 */
export function providersOf(projectDir: string): readonly Provider[] {
    return PROVIDER_NAMES.flatMap((name) => {
        const versions = packageVersions(projectDir, `@pulumi/${name}`);
        if (versions.length > 0) return versions.map((version) => ({ name, version }));
        throw new ToolError(
            `The package @pulumi/${name} is not installed in ${projectDir}`,
            `Run "npm ci" in ${projectDir}.`,
        );
    });
}

/**
 * Where the engine finds the plugin: on PATH, which it looks at first, or in the PULUMI_HOME. One that is being installed, or whose
 * installation was interrupted, has a `.partial` file beside it and does not count.
 */
export async function findProvider({ name, version }: Provider, pulumiHome: string): Promise<string | undefined> {
    const executable = `pulumi-resource-${name}`;
    const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
    for (const folder of folders) {
        if (await isExecutable(join(folder, executable))) return join(folder, executable);
    }
    const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    const path = join(folder, executable);
    return (await isExecutable(path)) && !(await exists(`${folder}.partial`)) ? path : undefined;
}

async function exists(path: string): Promise<boolean> {
    try {
        await access(path);
        return true;
    } catch {
        return false;
    }
}

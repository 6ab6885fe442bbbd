import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { isExecutable } from "./engine.ts";
import { ToolError } from "./errors.ts";

/** The providers that our stacks use. */
export const PROVIDER_NAMES = ["cloudflare", "docker", "kubernetes", "random", "tls"] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** A provider plugin in the version that belongs to the installed npm package. */
export interface Provider {
    readonly name: ProviderName;
    readonly version: string;
}

/**
 * The provider plugins, in the versions of the npm packages that the project has installed: the engine asks for exactly these.
 *
 * @throws ToolError when a package is missing.
 */
export function providersOf(projectDir: string): readonly Provider[] {
    const load = createRequire(join(projectDir, "package.json"));
    return PROVIDER_NAMES.map((name) => {
        try {
            const { version } = load(`@pulumi/${name}/package.json`) as { version: string };
            return { name, version };
        } catch (error) {
            throw new ToolError(
                `The package @pulumi/${name} is not installed in ${projectDir}`,
                `Run "npm ci" in ${projectDir}.`,
                { cause: error },
            );
        }
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

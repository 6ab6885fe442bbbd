/**
 * Puts the fallback plugins into a PULUMI_HOME of the project's own. Each is a small shell script that runs this very
 * Node.js on a file of this folder, so that there is nothing to build and nothing that can go stale.
 */
import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageVersions } from "../packages.ts";
import { TOOLS } from "../tools.ts";

/** The packages that have a fallback provider. */
export const FALLBACK_PACKAGES = ["cloudflare", "consul", "docker", "kubernetes", "random", "tls"] as const;

export interface FallbackOptions {
    /** The private PULUMI_HOME; never the user's own, where the plugins would shadow the official ones. */
    readonly pulumiHome: string;
    /** The project's root, whose `node_modules` has the packages. */
    readonly projectDir: string;
}

export interface InstalledPlugin {
    /** `nodejs` or a package name. */
    readonly name: string;
    /** That of the engine or the npm package, since the engine looks for the plugin of the version that the SDK asks for. */
    readonly version: string;
    /** Absolute path of the executable. */
    readonly path: string;
}

/** Writes what is missing or differs, each file whole or not at all; a second call changes nothing. */
export async function installFallback({ pulumiHome, projectDir }: FallbackOptions): Promise<InstalledPlugin[]> {
    const languageHost = launcher(pulumiHome, LANGUAGE_HOST);
    const engine = TOOLS.pulumi.version;
    const planned = [
        // The engine looks beside its own executable, links resolved (sdk/go/common/workspace/plugins.go) …
        {
            name: "nodejs",
            version: engine,
            path: join(pulumiHome, "versions", engine, "bin", "pulumi-language-nodejs"),
            script: languageHost,
        },
        // … and then here, which is what finds it where that executable is a link into a shared folder.
        {
            name: "nodejs",
            version: engine,
            path: join(pulumiHome, "plugins", `language-nodejs-v${engine}`, "pulumi-language-nodejs"),
            script: languageHost,
        },
        ...FALLBACK_PACKAGES.flatMap((name) =>
            packageVersions(projectDir, `@pulumi/${name}`).map((version) => {
                const path = join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
                return { name, version, path, script: launcher(pulumiHome, PLUGIN, name) };
            }),
        ),
    ];
    await Promise.all(planned.map(({ path, script }) => writeExecutable(path, script)));
    return planned.map(({ name, version, path }) => ({ name, version, path }));
}

const LANGUAGE_HOST = fileURLToPath(new URL("./languageHost/main.ts", import.meta.url));
const PLUGIN = fileURLToPath(new URL("./plugin/main.ts", import.meta.url));

/** The compile cache halves the start: Node.js neither strips types nor compiles a second time. */
function launcher(pulumiHome: string, main: string, ...args: string[]): string {
    return [
        "#!/bin/sh",
        `export NODE_COMPILE_CACHE=${quote(join(pulumiHome, "compile-cache"))}`,
        `exec ${[process.execPath, main, ...args].map(quote).join(" ")} "$@"`,
        "",
    ].join("\n");
}

/** In single quotes, in which a shell takes everything literally but the single quote itself. */
function quote(word: string): string {
    return `'${word.replaceAll("'", `'\\''`)}'`;
}

async function writeExecutable(path: string, content: string): Promise<void> {
    const present = await readFile(path, "utf8").catch(() => undefined);
    if (present === content) {
        return;
    }
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${randomUUID()}`;
    try {
        await writeFile(unfinished, content, { mode: 0o755 });
        await chmod(unfinished, 0o755);
        await rename(unfinished, path);
    } finally {
        await rm(unfinished, { force: true });
    }
}

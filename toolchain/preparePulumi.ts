import { randomUUID } from "node:crypto";
import { mkdir, readlink, rename, symlink } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { downloadEngine, engineFolder, fallbackPulumiHome, findEngine, userPulumiHome } from "./engine.ts";
import { ensureTool } from "./ensureTool.ts";
import { SettingError, ToolError } from "./errors.ts";
import { installFallback } from "./fallback/install.ts";
import type { Progress } from "./progress.ts";
import { findProvider, type Provider, providersOf } from "./providers.ts";
import { type Reach, reach } from "./reach.ts";
import { CommandFailed, run } from "./run.ts";
import { TOOLS } from "./tools.ts";

/** A plugin is up to 100 MB; its download is given up after five minutes, in milliseconds. */
const PLUGIN_WITHIN_MS = 300_000;

/** Whose provider plugins a run uses: the vendors' own, or ours for machines that cannot have those. */
export const ProviderSource = { Official: "official", Fallback: "fallback" } as const;
export type ProviderSource = (typeof ProviderSource)[keyof typeof ProviderSource];

/** How {@link preparePulumi} goes about it. */
export interface PreparePulumiOptions {
    /** Folder of `Pulumi.yaml`, with the installed npm packages. */
    readonly projectDir: string;
    /** Takes these and no others. When omitted, `SALLYPORT_PROVIDERS` says which; else the official ones wherever they can be had. */
    readonly providers?: ProviderSource;
    /** Takes the fallback, whatever is installed or set, and touches no network; false when omitted. */
    readonly offline?: boolean;
    readonly progress: Progress;
    /** Tells whether an official source can be reached; asks it, once in this process, when omitted. */
    readonly reach?: Reach;
}

/** All that it takes to run `pulumi` for a project. */
export interface PreparedPulumi {
    /** Absolute path of the engine. */
    readonly pulumi: string;
    readonly pulumiHome: string;
    readonly providers: ProviderSource;
    /** Variables to set for the engine, for `npx pulumi` and for the Automation API; the rest of the environment stays. */
    readonly env: Readonly<Record<string, string>>;
}

/**
 * Makes engine, language host and provider plugins ready.
 *
 * The official ones are taken where they are installed or can be downloaded, in the user's own PULUMI_HOME. Only where their source cannot be
 * reached do the fallback providers stand in, in a PULUMI_HOME inside the project that nothing else looks into.
 *
 * @throws SettingError when `SALLYPORT_PROVIDERS` is neither `official` nor `fallback`.
 * @throws ToolError when a part is missing and cannot be had; also when a download was begun and failed, since that is no reason to
 *     change providers under a stack.
 */
export async function preparePulumi(options: PreparePulumiOptions): Promise<PreparedPulumi> {
    const { projectDir, progress } = options;
    const forced = forcedProviders();
    if (options.offline) return prepareFallback(options, "no network is used");
    const wanted = options.providers ?? forced;
    if (wanted === ProviderSource.Fallback) return prepareFallback(options, "as asked for");

    const plugins = providersOf(projectDir);
    const missing = await missingPlugins(plugins);
    const engine = await findEngine();
    if (engine?.source === "official" && missing.length === 0) return official(projectDir, engine.path);

    const reached = await (options.reach ?? reach)(PLUGIN_SOURCE);
    if (!reached.ok) {
        if (wanted === undefined) return prepareFallback(options, reached.why);
        throw new ToolError(
            `The official Pulumi providers cannot be downloaded: ${reached.why}`,
            "Unset SALLYPORT_PROVIDERS to let the fallback providers stand in, or connect to the Internet.",
        );
    }
    progress.step(`pulumi ${TOOLS.pulumi.version} and its providers`);
    const { path } = engine?.source === "official" ? engine : await downloadEngine(projectDir, progress);
    for (const plugin of missing) await downloadPlugin(plugin, path, progress);
    progress.done();
    return official(projectDir, path);
}

/** Where the launcher gets the engine and the engine its plugins. */
const PLUGIN_SOURCE = "https://get.pulumi.com/install.sh";

/** What `SALLYPORT_PROVIDERS` says. */
function forcedProviders(): ProviderSource | undefined {
    const set = process.env.SALLYPORT_PROVIDERS;
    if (!set) return undefined;
    const known = Object.values(ProviderSource).find((source) => source === set);
    if (known) return known;
    throw new SettingError(
        `SALLYPORT_PROVIDERS is "${set}", which names no providers`,
        'Write "official" or "fallback", or leave it unset: the official ones are taken wherever they can be had.',
    );
}

async function missingPlugins(plugins: readonly Provider[]): Promise<readonly Provider[]> {
    const found = await Promise.all(plugins.map((plugin) => findProvider(plugin, userPulumiHome())));
    return plugins.filter((_, index) => found[index] === undefined);
}

/** The engine's own installation: it locks, unpacks beside the final folder and checks what it got. */
async function downloadPlugin({ name, version }: Provider, pulumi: string, progress: Progress): Promise<void> {
    progress.detail(`downloading the ${name} provider ${version}`);
    try {
        await run(pulumi, ["plugin", "install", "resource", name, `v${version}`, "--non-interactive"], {
            within: PLUGIN_WITHIN_MS,
            env: { PULUMI_HOME: userPulumiHome(), PULUMI_SKIP_UPDATE_CHECK: "true" },
        });
    } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        throw new ToolError(
            `The ${name} provider ${version} cannot be downloaded: ${error.message}`,
            "Run this again. SALLYPORT_PROVIDERS=fallback works without the official providers.",
            { cause: error },
        );
    }
}

function official(projectDir: string, pulumi: string): PreparedPulumi {
    const pulumiHome = userPulumiHome();
    return { pulumi, pulumiHome, providers: ProviderSource.Official, env: environment(projectDir, pulumiHome, pulumi) };
}

async function prepareFallback(options: PreparePulumiOptions, why: string): Promise<PreparedPulumi> {
    const { projectDir, progress } = options;
    const pulumiHome = fallbackPulumiHome(projectDir);
    const engine = await ensureTool("pulumi", options);
    progress.step(`Sallyport's own providers stand in for the official ones (${why})`);
    const pulumi = join(engineFolder(pulumiHome), "pulumi");
    await link(engine.path, pulumi);
    await installFallback({ pulumiHome, projectDir });
    progress.done();
    const env = {
        ...environment(projectDir, pulumiHome, pulumi),
        // Whatever is missing there is a mistake of ours; it is reported rather than fetched.
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    return { pulumi, pulumiHome, providers: ProviderSource.Fallback, env };
}

/** The launcher is content with a link, and the engine behind it finds what lies beside its real path. */
async function link(target: string, path: string): Promise<void> {
    if ((await readlink(path).catch(() => undefined)) === target) return;
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}`;
    await symlink(target, temporary);
    await rename(temporary, path);
}

function environment(projectDir: string, pulumiHome: string, pulumi: string): Record<string, string> {
    const first = [join(projectDir, "node_modules", ".bin"), dirname(pulumi)];
    const rest = (process.env.PATH ?? "").split(delimiter).filter((folder) => !first.includes(folder));
    return {
        PULUMI_HOME: pulumiHome,
        PATH: [...first, ...rest].join(delimiter),
        PULUMI_SKIP_UPDATE_CHECK: "true",
    };
}

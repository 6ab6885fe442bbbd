import { constants, globSync } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ToolError } from "../errors.ts";
import { type Host, inspectHost } from "../host.ts";
import type { Progress } from "../progress.ts";
import { canInstall, installCommand, installPackage } from "./aptGet.ts";

/** Programs that one package of the distribution brings. */
export interface PackagedPrograms<Name extends string> {
    /** The package's name in Debian and Ubuntu: `chromium`. */
    readonly package: string;
    /** Names of the executables that are needed. */
    readonly programs: readonly Name[];
    /** Folders outside PATH in which the package puts them, as a glob. */
    readonly folders?: string;
    /** Whether to leave out what the package merely recommends, such as a kernel. False if omitted. */
    readonly alone?: boolean;
}

/** Whom {@link ensurePrograms} tells, and where it is. */
export interface EnsureProgramsOptions {
    readonly progress: Progress;
    /** The machine; looked at when omitted. */
    readonly host?: Host;
}

/**
 * The absolute paths of a package's programs. Those that are on the machine are taken as they are, wherever they came from; if one is
 * missing, the package is installed: only by root, and only on Debian and Ubuntu.
 *
 * @throws ToolError when they are missing and cannot be had; its `fix` says what to do on this machine.
 */
export async function ensurePrograms<Name extends string>(
    wanted: PackagedPrograms<Name>,
    { progress, host = inspectHost() }: EnsureProgramsOptions,
): Promise<Readonly<Record<Name, string>>> {
    const found = await findPrograms(wanted);
    if (found.missing.length === 0) return found.paths;
    if (!canInstall(host)) throw missingError(wanted, found.missing, adviceFor(wanted.package, host));
    progress.step(`Installing ${wanted.package}`);
    const advice = `Repair apt-get's sources, then run "${installCommand(wanted.package, host)}".`;
    const extra = wanted.alone ? ["--no-install-recommends"] : [];
    await installPackage(wanted.package, progress, advice, ...extra);
    const installed = await findPrograms(wanted);
    if (installed.missing.length > 0) {
        const fix = `Put ${installed.missing.join(" and ")} on PATH.`;
        throw missingError(wanted, installed.missing, fix);
    }
    progress.done();
    return installed.paths;
}

async function findPrograms<Name extends string>({ programs, folders }: PackagedPrograms<Name>) {
    const own = folders === undefined ? [] : globSync(folders);
    const searched = [...(process.env.PATH ?? "").split(delimiter).filter(Boolean), ...own];
    const entries = await Promise.all(
        programs.map(async (name) => [name, await firstExecutable(searched, name)] as const),
    );
    return {
        paths: Object.fromEntries(entries) as Record<Name, string>,
        missing: entries.filter(([, path]) => path === undefined).map(([name]) => name),
    };
}

async function firstExecutable(folders: readonly string[], name: string): Promise<string | undefined> {
    const candidates = folders.map((folder) => join(folder, name));
    const checks = await Promise.allSettled(candidates.map((path) => access(path, constants.X_OK)));
    return candidates[checks.findIndex(({ status }) => status === "fulfilled")];
}

function missingError(wanted: PackagedPrograms<string>, missing: readonly string[], fix: string): ToolError {
    return new ToolError(
        `${missing.join(" and ")} of the package ${wanted.package} ${missing.length === 1 ? "is" : "are"} not on this machine.`,
        fix,
    );
}

function adviceFor(name: string, host: Host): string {
    return host.platform === "linux" && host.debian
        ? `Run "${installCommand(name, host)}".`
        : `Install what Debian calls ${name} with this system's package manager, so that its programs are on PATH.`;
}

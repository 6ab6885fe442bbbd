import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStack } from "../../cli/engine/open.ts";
import { shadowProject } from "../../cli/engine/shadowProject.ts";
import { projectDir } from "../../cli/project.ts";
import { ensureTool, preparePulumi, silentProgress } from "../../toolchain/index.ts";
import type { Candidate } from "./sideBySide.ts";

export interface ProgramToMeasure {
    name: string;
    /** Folder with its `Pulumi.yaml`. */
    program: string;
    stack: string;
    /** Text of the stack file; empty where omitted. */
    stackFile?: string;
    args?: string[];
    env?: Record<string, string>;
}

/** An operation of the engine on a stack that stays from one to the next, for example `up` with `["--yes"]`. */
export type Operation = (operation: string, args: readonly string[]) => Candidate;

/** Prepares `pulumi preview` of programs against empty states: no account, no network, no Docker. */
export interface BenchEngine extends Disposable {
    preview(program: ProgramToMeasure): Promise<Candidate>;
    /** Makes the stack; each operation on it is measured by itself. */
    open(program: Omit<ProgramToMeasure, "args">): Promise<Operation>;
}

export async function benchEngine(): Promise<BenchEngine> {
    // The engine is fetched once, while there is a network; from then on nothing is.
    await ensureTool("pulumi", { progress: silentProgress });
    const pulumi = await preparePulumi({ projectDir, offline: true, progress: silentProgress });
    const root = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
    const open: BenchEngine["open"] = async ({ name, program, stack, stackFile = "", env: more = {} }) => {
        const folder = join(root, name.replaceAll(/\W/g, "-"));
        mkdirSync(join(folder, "state"), { recursive: true });
        const env = {
            ...pulumi.env,
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"),
            SALLYPORT_OFFLINE: "1",
            CLOUDFLARE_API_TOKEN: "offline",
            ...more,
        };
        // The engine writes into the stack file, so the stack is made beside the program and previewed in it.
        const workDir = shadowProject({ projectDir: program, folder: join(folder, "project"), stack, stackFile });
        await openStack({ pulumi, stack, env, workDir, create: true });
        const where = ["--stack", stack, "--config-file", join(workDir, `Pulumi.${stack}.yaml`)];
        return (operation, args) => ({
            name,
            command: pulumi.pulumi,
            args: [operation, ...where, "--non-interactive", "--suppress-outputs", ...args],
            cwd: program,
            env,
        });
    };
    return {
        open,
        preview: async ({ args = [], ...program }) => (await open(program))("preview", args),
        [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
    };
}

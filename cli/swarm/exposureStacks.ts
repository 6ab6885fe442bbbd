import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempDisposableSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { exposureName, exposuresOf, type LabelledService } from "../../stacks/labels.ts";
import { type KeptPlugins, type Progress, silentProgress } from "../../toolchain/index.ts";
import type { Record } from "../engine/events.ts";
import { explained } from "../engine/failure.ts";
import { engineCommand, openStack } from "../engine/open.ts";
import { destroy, type Previewed, preview, previewInFull, previewRefresh, type Stoppable, up } from "../engine/run.ts";
import { shadowFolder, shadowStack } from "../engine/shadowProject.ts";
import { shortName } from "../engine/shortName.ts";
import { exportState } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { localFiles } from "../local/files.ts";
import { projectDir } from "../project.ts";
import type { SerializedResource } from "../reach/resources.ts";
import { ExposureChanges } from "./exposureChanges.ts";
import { exposureFile } from "./exposureFile.ts";
import type { Owner } from "./owner.ts";
import { foreignNames } from "./ownership.ts";

/** The program of such a stack. */
const PROGRAM = fileURLToPath(new URL("../../stacks/exposure/index.ts", import.meta.url));

/**
 * The small Pulumi stacks of labelled services: one each, `<owner>.swarm.<exposure>`, in the backend of the stack that owns them. Several may be
 * changed at once, one stack never twice at once: the engine's lock sees to that.
 */
export class ExposureStacks {
    readonly #owner: Owner;
    readonly #folder: string;
    readonly #plugins: KeptPlugins | undefined;
    /** Stacks that were opened once: opening costs a run of the engine. */
    readonly #opened = new Map<string, Stack>();
    /** Exposures that had a stack when they were listed last; undefined before. */
    #listed: ReadonlySet<string> | undefined;
    /** What was being changed when an earlier command was cut off, as far as this machine knows. */
    readonly changes: ExposureChanges;

    private constructor(owner: Owner, folder: string, plugins: KeptPlugins | undefined) {
        this.changes = new ExposureChanges(owner, join(folder, ".changing"));
        this.#owner = owner;
        this.#folder = folder;
        this.#plugins = plugins;
    }

    /**
     * Prepares a folder from which the engine runs them; nothing runs in it yet.
     *
     * @param plugins what the engine attaches to, for whoever changes many; it starts its own for each run where omitted.
     */
    static prepare(owner: Owner, plugins?: KeptPlugins): ExposureStacks {
        const folder = swarmFolder(owner.environment.stack);
        shadowFolder({ projectDir, folder, main: PROGRAM });
        return new ExposureStacks(owner, folder, plugins);
    }

    /** The same stacks under what their owner declares now. */
    of(owner: Owner): ExposureStacks {
        return new ExposureStacks(owner, this.#folder, this.#plugins);
    }

    /** Names of the exposures that have a stack, sorted, whatever has become of their services. */
    async names(): Promise<string[]> {
        const { pulumi, engineEnv } = this.#owner;
        const workspace = await LocalWorkspace.create({
            workDir: this.#folder,
            pulumiHome: pulumi.pulumiHome,
            pulumiCommand: await engineCommand(pulumi),
            envVars: { ...pulumi.env, ...engineEnv },
        });
        const prefix = this.#stackName("");
        const stacks = await explained(workspace.listStacks());
        const names = stacks
            .map(({ name }) => shortName(name))
            .filter((name) => name.startsWith(prefix))
            .map((name) => name.slice(prefix.length))
            .sort();
        this.#listed = new Set(names);
        return names;
    }

    /**
     * Makes what publishes a service, or changes it to what its labels say now. It is planned first, so that mandatory violations in the record
     * mean that nothing was changed.
     */
    async up(
        service: LabelledService,
        progress: Progress = silentProgress,
        stoppable: Stoppable = {},
    ): Promise<Record> {
        await this.#refuseForeignNames(service);
        return this.changes.run(exposureName(service.name), await this.#open(service), async (stack) => {
            const planned = await preview(stack, this.#zones, progress, stoppable);
            return planned.violations.some(({ level }) => level === "mandatory")
                ? planned
                : up(stack, this.#zones, progress, stoppable);
        });
    }

    /** What {@link up} would do, with every step in full. A stack that is not there yet is planned elsewhere, so that none is left behind. */
    async plan(service: LabelledService, progress: Progress = silentProgress): Promise<Previewed> {
        const exposure = exposureName(service.name);
        if (this.#listed === undefined) await this.names();
        if (this.#listed?.has(exposure)) {
            return previewInFull(await this.#open(service), this.#zones, progress);
        }
        using elsewhere = mkdtempDisposableSync(join(tmpdir(), "sallyport-plan-"));
        const workDir = join(elsewhere.path, "project");
        shadowFolder({ projectDir, folder: workDir, main: PROGRAM });
        mkdirSync(join(elsewhere.path, "state"));
        const { pulumi, engineEnv } = this.#owner;
        const stack = this.#stackName(exposure);
        shadowStack({ folder: workDir, stack, stackFile: exposureFile(this.#owner, service).text });
        const opened = await openStack({
            pulumi,
            workDir,
            stack,
            env: {
                ...engineEnv,
                PULUMI_BACKEND_URL: `file://${join(elsewhere.path, "state")}`,
                PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"),
                PULUMI_CONFIG_PASSPHRASE_FILE: "",
            },
            create: true,
            isNew: true,
        });
        return await previewInFull(opened, this.#zones, progress);
    }

    /** The resources of an exposure as its stack has them. */
    async resources(exposure: string): Promise<SerializedResource[]> {
        const { deployment } = await exportState(await this.#select(exposure));
        return deployment.resources ?? [];
    }

    /** What a refresh of an exposure's stack would find; nothing is changed. */
    async previewRefresh(exposure: string, progress: Progress = silentProgress): Promise<Record> {
        return previewRefresh(await this.#select(exposure), progress);
    }

    /** Takes away all that publishes a service, the public name first, and the stack with it. */
    async remove(exposure: string, progress: Progress = silentProgress, stoppable: Stoppable = {}): Promise<void> {
        await this.changes.run(exposure, await this.#select(exposure), async (stack) => {
            await destroy(stack, progress, stoppable);
            await explained(stack.workspace.removeStack(stack.name));
        });
        this.#opened.delete(exposure);
    }

    /** The engine would find out as well, once half of the exposure is made, and not say whose the name is. */
    async #refuseForeignNames(service: LabelledService): Promise<void> {
        for (const { name, routes } of exposuresOf([service], this.#owner.rules).exposures) {
            const hostnames = routes.map(({ hostname }) => hostname);
            const problems = await foreignNames(this.#owner, hostnames, name);
            if (problems.length > 0) {
                const reasons = problems.map(({ reason }) => reason).join(" ");
                throw new CommandError(Exit.failed, `${service.name} is not published: ${reasons}`);
            }
        }
    }

    get #zones(): string[] {
        return [this.#owner.environment.zone.name];
    }

    #stackName(exposure: string): string {
        return stackNameOf(this.#owner.environment.stack, exposure);
    }

    #open(service: LabelledService): Promise<Stack> {
        return this.#select(exposureName(service.name), exposureFile(this.#owner, service).text);
    }

    async #select(exposure: string, stackFile = "config: {}\n"): Promise<Stack> {
        const { pulumi, engineEnv, secretsProvider } = this.#owner;
        const name = this.#stackName(exposure);
        const workDir = shadowStack({ folder: this.#folder, stack: name, stackFile });
        const opened = this.#opened.get(exposure);
        const stack =
            opened ??
            (await openStack({
                pulumi,
                workDir,
                stack: name,
                env: engineEnv,
                ...(secretsProvider === undefined ? {} : { secretsProvider }),
                create: true,
                isNew: this.#isNew(exposure),
            }));
        this.#opened.set(exposure, stack);
        const attached = await this.#plugins?.attach(pulumi, engineEnv);
        stack.workspace.envVars = { ...stack.workspace.envVars, ...DETACHED, ...attached };
        return stack;
    }

    /** Whether nobody but this process, which would remember, can have made the stack: it alone watches. */
    #isNew(exposure: string): boolean {
        return this.#listed !== undefined && !this.#listed.has(exposure) && !this.changes.isUnfinished(exposure);
    }
}

/** As if nothing had been attached before: the engine takes an empty variable for none. */
const DETACHED = { PULUMI_DEBUG_LANGUAGES: "", PULUMI_DEBUG_PROVIDERS: "" };

/** Name of the small stack of an exposure. */
export function stackNameOf(owner: string, exposure: string): string {
    return `${owner}.swarm.${exposure}`;
}

/** Folder from which the engine runs the small stacks of an owner. */
export function swarmFolder(owner: string): string {
    const root = owner === LOCAL_STACK ? localFiles.root : join(projectDir, ".sallyport", owner);
    return join(root, "swarm");
}

import { statSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { labelledServices } from "../../../stacks/labelledServices.ts";
import { exposureName, exposuresOf, type LabelledService } from "../../../stacks/labels.ts";
import { type KeptPlugins, silentProgress } from "../../../toolchain/index.ts";
import { projectDir } from "../../project.ts";
import { exposureFile } from "../exposureFile.ts";
import { ExposureStacks } from "../exposureStacks.ts";
import { type Owner, openOwner } from "../owner.ts";
import { publishedNames } from "../published.ts";
import type { Exposures, KnownExposure, Verdict, WantedExposure } from "./exposures.ts";

/** What the owner declares is read again at least this often: five minutes in milliseconds. Its file is looked at each time. */
const OWNER_EVERY_MS = 300_000;

/** The labelled services of a real Swarm, and their stacks. */
export class SwarmExposures implements Exposures {
    readonly #docker: Docker;
    #stacks: ExposureStacks;
    #owner: Owner;
    #readAt = performance.now();
    #fileAt: number;

    /**
     * @param owner the stack whose rules hold; read again when its file changes and now and then.
     * @param docker the Swarm's engine.
     * @param plugins what Pulumi's engine attaches to.
     */
    constructor(owner: Owner, docker: Docker, plugins: KeptPlugins) {
        this.#owner = owner;
        this.#docker = docker;
        this.#stacks = ExposureStacks.prepare(owner, plugins);
        this.#fileAt = this.#changedAt();
    }

    async list(): Promise<KnownExposure[]> {
        const [stacks, published, services] = await Promise.all([
            this.#stacks.names(),
            publishedNames(this.#owner),
            labelledServices(this.#docker),
        ]);
        this.#stacks.changes.suspectAll(stacks);
        const ids = new Map(services.map(({ id, name }) => [exposureName(name), id]));
        // A record without a stack is not ours to remove: whoever lost the state must say what is to become of it.
        return stacks.map((name) => {
            const names = published.filter(({ exposure }) => exposure === name);
            const [revision, ...others] = new Set(names.map((one) => one.revision));
            const isWhole = others.length === 0 && !this.#stacks.changes.isUnfinished(name);
            return {
                name,
                serviceId: ids.get(name) ?? "",
                hostnames: names.map(({ hostname }) => hostname),
                digest: isWhole ? revision : undefined,
            };
        });
    }

    async wanted(held: ReadonlyMap<string, string>): Promise<Verdict> {
        await this.#readOwner();
        const services = await labelledServices(this.#docker);
        const { exposures, refused } = exposuresOf(services, this.#owner.rules, held);
        const byId = new Map(services.map((service) => [service.id, service]));
        return {
            refused: refused.map(({ serviceName, problems }) => ({ service: serviceName, problems })),
            wanted: exposures.flatMap(({ serviceId, routes }) => {
                const service = byId.get(serviceId);
                return service === undefined ? [] : [this.#wantedOf(service, routes)];
            }),
        };
    }

    async remove(name: string, signal: AbortSignal): Promise<void> {
        await this.#stacks.remove(name, silentProgress, { signal });
    }

    #wantedOf(service: LabelledService, routes: readonly { readonly hostname: string }[]): WantedExposure {
        return {
            name: exposureName(service.name),
            serviceId: service.id,
            hostnames: [...new Set(routes.map(({ hostname }) => hostname))],
            digest: exposureFile(this.#owner, service).revision,
            up: (signal) => this.#stacks.up(service, silentProgress, { signal }),
        };
    }

    /** Rules that were narrowed must hold for a daemon that runs for months as well. */
    async #readOwner(): Promise<void> {
        const fileAt = this.#changedAt();
        if (fileAt === this.#fileAt && performance.now() - this.#readAt < OWNER_EVERY_MS) return;
        this.#owner = await openOwner(this.#owner.environment.stack, silentProgress);
        this.#stacks = this.#stacks.of(this.#owner);
        this.#fileAt = fileAt;
        this.#readAt = performance.now();
    }

    #changedAt(): number {
        return statSync(join(projectDir, `Pulumi.${this.#owner.environment.stack}.yaml`)).mtimeMs;
    }
}

import type Docker from "dockerode";

/** What the labels of a service ask for. */
export interface Labels {
    readonly hostname: string;
    /** Names, separated by commas. */
    readonly audience: string;
}

/** An Access application as somebody wrote it. */
export interface Grant {
    readonly hostname: string;
    readonly policyIds: readonly string[];
    /** Milliseconds since 1970. */
    readonly at: number;
}

/** Labels of a service from one moment to another. */
interface Asked extends Labels {
    readonly from: number;
    until: number;
}

/** Services without a task, whose labels are all that matters, on a network of their own; and what their labels asked for when. */
export class LabelledServices implements AsyncDisposable {
    readonly #docker: Docker;
    readonly #network: Docker.Network;
    readonly #prefix: string;
    readonly #asked: Asked[] = [];
    readonly #present = new Map<string, { readonly service: Docker.Service; asked: Asked }>();

    private constructor(docker: Docker, network: Docker.Network, prefix: string) {
        this.#docker = docker;
        this.#network = network;
        this.#prefix = prefix;
    }

    static async open(docker: Docker, prefix: string): Promise<LabelledServices> {
        const network = await docker.createNetwork({ Name: `${prefix}-network`, Driver: "overlay" });
        return new LabelledServices(docker, network, prefix);
    }

    /** Makes a service, changes its labels, or removes it where there are none. */
    async set(name: string, labels: Labels | undefined): Promise<void> {
        const present = this.#present.get(name);
        if (labels === undefined) {
            await present?.service.remove();
            if (present !== undefined) present.asked.until = Date.now();
            this.#present.delete(name);
            return;
        }
        // Asked for from before the engine knows, until after it knows better.
        const asked: Asked = { ...labels, from: Date.now(), until: Number.POSITIVE_INFINITY };
        this.#asked.push(asked);
        if (present === undefined) {
            const service = await this.#docker.createService(this.#specification(name, labels));
            this.#present.set(name, { service, asked });
            return;
        }
        const { Version } = (await present.service.inspect()) as { Version: { Index: number } };
        await present.service.update({ ...this.#specification(name, labels), version: Version.Index });
        present.asked.until = Date.now();
        present.asked = asked;
    }

    /** Whether a grant is what labels asked for at one time, not longer ago than `lateMs` milliseconds before it was written. */
    askedFor(grant: Grant, policyIds: Readonly<Record<string, readonly string[]>>, lateMs: number): boolean {
        return this.#asked.some(
            ({ hostname, audience, from, until }) =>
                hostname === grant.hostname &&
                from <= grant.at &&
                grant.at <= until + lateMs &&
                sameMembers(
                    grant.policyIds,
                    audience.split(",").flatMap((one) => policyIds[one] ?? []),
                ),
        );
    }

    async [Symbol.asyncDispose](): Promise<void> {
        for (const name of [...this.#present.keys()]) await this.set(name, undefined);
        await this.#network.remove();
    }

    #specification(name: string, { hostname, audience }: Labels): Docker.CreateServiceOptions {
        return {
            Name: name,
            Labels: {
                "sallyport.enable": "true",
                "sallyport.hostname": hostname,
                "sallyport.port": "8080",
                "sallyport.audience": audience,
            },
            TaskTemplate: {
                ContainerSpec: { Image: `sallyport.test/${this.#prefix}:1` },
                Networks: [{ Target: this.#network.id }],
            },
            Mode: { Replicated: { Replicas: 0 } },
            EndpointSpec: { Mode: "dnsrr" },
        } as Docker.CreateServiceOptions;
    }
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
    return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
}

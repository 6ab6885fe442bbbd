import type { LabelledService } from "../components/index.ts";
import type { Environment } from "./config/environment.ts";
import { labelledServices } from "./labelledServices.ts";

/**
 * The labelled services that are a part of the environment's own stack, read from its Docker engine; none where each has a stack of its own.
 * Without a network nothing is read: a preview then shows the stack without them.
 */
export async function servicesInStack({ swarm, dockerHost }: Environment): Promise<LabelledService[]> {
    if (swarm?.inStack !== true || process.env.SALLYPORT_OFFLINE === "1") return [];
    // Loaded only here: every run of every stack would pay for it.
    const { default: Docker } = await import("dockerode");
    // dockerode reads addresses of every kind (ssh, TLS) from this variable alone.
    if (dockerHost !== undefined) process.env.DOCKER_HOST = dockerHost;
    return labelledServices(new Docker());
}

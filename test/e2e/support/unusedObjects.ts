import type Docker from "dockerode";
import type { StackObjects } from "../../../toolchain/docker/index.ts";

/** Names of the secrets and configs that none of the services uses: left behind by somebody. */
export async function unusedObjects(docker: Docker, { services, secrets, configs }: StackObjects): Promise<string[]> {
    const inspected = await Promise.all(services.map(({ id }) => docker.getService(id).inspect()));
    const specs = inspected.map((service) => JSON.stringify((service as { Spec: unknown }).Spec));
    const used = new Set(
        specs.flatMap((spec) =>
            [...spec.matchAll(/"(?:SecretName|ConfigName)":"([^"]+)"/g)].map(([, name]) => name ?? ""),
        ),
    );
    return [...secrets, ...configs].map(({ name }) => name).filter((name) => !used.has(name));
}

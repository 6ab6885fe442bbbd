import type Docker from "dockerode";
import { objectsExcept, objectsOf, STACK_LABEL, type StackObjects } from "../../toolchain/docker/index.ts";
import type { DeclaredResource } from "../reach/resources.ts";
import type { Finding } from "./find.ts";

const NETWORK = "docker:index/network:Network";
const SERVICE = "docker:index/service:Service";

/** What Pulumi appends to the name of a service that the program does not name. */
const SUFFIX = /^-[0-9a-f]{7}$/;

/** Whether the program has anything in Docker. */
export function declaresDocker(resources: readonly Pick<DeclaredResource, "type">[]): boolean {
    return resources.some(({ type }) => type.startsWith("docker:"));
}

/**
 * The stack's networks and services that still run, by its label; they go on, with what changes in them. Secrets and configs are made anew, since
 * nobody tells what is in a secret: the old ones go once no service uses them ({@link dockerLeftovers}).
 */
export async function searchDocker(
    docker: Docker,
    stack: string,
    missing: readonly DeclaredResource[],
): Promise<{ own: Finding[]; doubtful: Finding[] }> {
    const labelled = await ownObjects(docker, stack);
    const reason = `carries the label ${STACK_LABEL}=${stack}`;
    const networks = missing.filter(({ type }) => type === NETWORK);
    const everyNetwork = networks.length === 0 ? [] : await docker.listNetworks();
    const own: Finding[] = [];
    const doubtful: Finding[] = [];
    for (const declared of networks) {
        const name = String(declared.props.name);
        const title = `network ${JSON.stringify(name)}`;
        for (const { Id: id } of everyNetwork.filter((network) => network.Name === name)) {
            const isOwn = labelled.networks.some((network) => network.id === id);
            const finding = { declared, id, importId: id, title, isLost: false };
            if (isOwn) own.push({ ...finding, reason });
            else doubtful.push({ ...finding, reason: `it does not carry the label ${STACK_LABEL}=${stack}` });
        }
    }
    for (const declared of missing.filter(({ type }) => type === SERVICE)) {
        const [service, ...others] = labelled.services.filter(
            ({ name }) => name.startsWith(declared.name) && SUFFIX.test(name.slice(declared.name.length)),
        );
        // Several are what an update that was cut off left: a new one takes the place of all of them.
        if (service !== undefined && others.length === 0) {
            const { id, name } = service;
            own.push({ declared, id, importId: id, title: `service ${JSON.stringify(name)}`, reason, isLost: false });
        }
    }
    return { own, doubtful };
}

/**
 * What carries the stack's label and its state does not know.
 *
 * @param known ids in the state.
 */
export async function dockerLeftovers(
    docker: Docker,
    stack: string,
    known: ReadonlySet<string>,
): Promise<StackObjects> {
    return objectsExcept(await ownObjects(docker, stack), known);
}

/** Without what belongs to the small stacks of its labelled services, which have states of their own. */
async function ownObjects(docker: Docker, stack: string): Promise<StackObjects> {
    const exposed = await objectsOf(docker, stack, ["sallyport.exposure"]);
    const theirs = [exposed.services, exposed.networks, exposed.secrets, exposed.configs].flat().map(({ id }) => id);
    return objectsExcept(await objectsOf(docker, stack), new Set(theirs));
}

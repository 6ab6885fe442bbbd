import { afterAll, beforeAll, expect, it } from "vitest";
import { listenerChecks } from "../../cli/audit/docker/listenerChecks.ts";
import { readDocker } from "../../cli/audit/docker/view.ts";
import { localAddressesOf } from "../../cli/sockets/localAddresses.ts";
import { buildTestImage } from "../docker/support/image.ts";
import { Workbench } from "../docker/support/workbench.ts";

const PORT = 8080;
const ANSWER_WITHIN_MS = 2_000;

let image: string;

beforeAll(async () => {
    await using bench = await Workbench.open();
    image = await buildTestImage(bench.docker);
});

afterAll(async () => {
    await using bench = await Workbench.open();
    await bench.docker.getImage(image).remove({ force: true });
});

/** Runs a service that listens on every address of its one container, on a network of its own. */
async function serveOn(bench: Workbench, network: { Driver: string; Internal: boolean }): Promise<void> {
    const Labels = Object.fromEntries(bench.labels.map(({ label, value }) => [label, value]));
    const { id } = await bench.docker.createNetwork({ Name: bench.stack, Labels, Attachable: true, ...network });
    const container = await bench.docker.createContainer({
        ...{ Image: image, Cmd: ["-port", String(PORT)], Labels },
        HostConfig: { NetworkMode: id },
    });
    await container.start();
}

/** Whether a process of this machine gets an answer at one of the addresses; it may have to wait until the service listens. */
async function answersHere(addresses: readonly string[]): Promise<boolean> {
    const answers = addresses.map(async (address) => {
        const answer = await fetch(`http://${address}:${PORT}/`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
        return (await answer.text()).startsWith("Hostname: ");
    });
    return (await Promise.allSettled(answers)).some((result) => result.status === "fulfilled" && result.value);
}

it.each([
    ["an internal overlay network", { Driver: "overlay", Internal: true }, true, false],
    ["an overlay network that leads out", { Driver: "overlay", Internal: false }, false, true],
    ["an internal bridge", { Driver: "bridge", Internal: true }, true, true],
    ["an ordinary bridge", { Driver: "bridge", Internal: false }, false, true],
])("knows who reaches a listener on %s", async (_, network, ok, isReachedHere) => {
    await using bench = await Workbench.open();
    await serveOn(bench, network);
    const verdict = async () => await listenerChecks(await readDocker(bench.stack, undefined));
    // Until it listens, it has nothing but loopback.
    await expect.poll(verdict).toMatchObject([{ ok, detail: expect.stringMatching(/^(?!listens on loopback)/) }]);
    const { containers } = await readDocker(bench.stack, undefined);
    const addresses = (await Promise.all(containers.map(({ pid }) => localAddressesOf(pid)))).flat();
    expect(addresses).not.toEqual([]);
    expect(await answersHere(addresses)).toBe(isReachedHere);
});

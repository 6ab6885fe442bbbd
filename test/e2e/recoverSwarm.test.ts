import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { carryOut } from "../../cli/recover/carryOut.ts";
import { planRecovery, type RecoveryTarget } from "../../cli/recover/plan.ts";
import { ensureImages, objectsOf, removeObjects } from "../../toolchain/docker/index.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

const STACK = "recovered";
const NOBODY_SAYS = { own: new Set<string>(), leave: new Set<string>() };

const docker = new Docker();
const started = new AsyncDisposableStack();
let under: EngineStack;
let target: RecoveryTarget;

beforeAll(async () => {
    const binary = async (name: Parameters<typeof ensureTool>[0]) =>
        (await ensureTool(name, { progress: silentProgress })).path;
    const images = await ensureImages({ docker, progress: silentProgress, tools: { binary } });
    started.defer(async () => removeObjects(docker, await objectsOf(docker, STACK)));
    const program = join(import.meta.dirname, "programs/swarmObjects");
    under = started.use(await openEngineStack(program, { SWARM_IMAGE: images.demo }, { name: STACK }));
    const api = { baseUrl: "http://127.0.0.1:1", token: undefined };
    target = { stack: under.stack, pulumi: under.pulumi, api, zones: [], docker: async () => docker };
    await under.stack.up();
});

afterAll(() => started.disposeAsync());

async function loseState(): Promise<void> {
    const { workspace, name } = under.stack;
    await workspace.removeStack(name, { force: true, preserveConfig: true });
    await workspace.createStack(name);
}

describe("what a stack has in a Swarm, after its state was lost", () => {
    it("goes on: networks and services stay, secrets and configs are made anew, and nothing is there twice", async () => {
        const before = await objectsOf(docker, STACK);
        await loseState();
        const planned = await planRecovery(target, NOBODY_SAYS, silentProgress);
        expect(planned.plan.recovered.map(({ reason }) => reason)).toEqual(
            Array(2).fill(`carries the label sallyport.stack=${STACK}`),
        );
        await carryOut(target, planned, silentProgress);
        const after = await objectsOf(docker, STACK);
        expect(after.networks).toEqual(before.networks);
        expect(after.services.map(({ id, replicas }) => [id, replicas.running])).toEqual([[before.services[0]?.id, 1]]);
        expect([after.secrets, after.configs].map(({ length }) => length)).toEqual([1, 1]);
        expect(after.secrets).not.toEqual(before.secrets);
        await under.stack.preview({ expectNoChanges: true });
        await under.stack.refresh({ expectNoChanges: true });
    });

    it("is left alone where a network of its name is somebody else's", async () => {
        const before = await objectsOf(docker, STACK);
        await loseState();
        await removeObjects(docker, before);
        const foreign = await docker.createNetwork({ Name: `sallyport-${STACK}`, Driver: "overlay" });
        await using _ = { [Symbol.asyncDispose]: () => foreign.remove() };
        const { plan, after } = await planRecovery(target, NOBODY_SAYS, silentProgress);
        expect(plan.doubtful).toMatchObject([
            { resource: "network", id: foreign.id, reason: `it does not carry the label sallyport.stack=${STACK}` },
        ]);
        expect(after).toBeUndefined();
    });
});

import { join } from "node:path";
import { CloudflareEmulator } from "../../../emulator/index.ts";
import { Workbench } from "../../docker/support/workbench.ts";
import { call } from "../../emulator/support.ts";
import { buildAccessClientImage } from "./accessClientImage.ts";
import { type EngineStack, openEngineStack } from "./engineStack.ts";
import { unguardedNames } from "./unguarded.ts";
import { openWitness } from "./witness.ts";

/** What the client secrets of all identity providers begin with. */
export const PLANTED = "planted-client-secret";

/** Two names of one image with which the components in Docker are declared; no registry has it. */
const IMAGES = ["sallyport.test/everything:1", "sallyport.test/everything:2"] as const;

/** Every component, on the real engine, an emulator of its own and a corner of the machine's Docker. */
export interface Everything extends AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    /** Everything of the stack in Docker. Nothing without Docker. */
    readonly bench: Workbench;
    readonly under: EngineStack;
    /** Each moment in which a published name lacked its guard, and the call after which it did. */
    readonly unguarded: string[];
}

/** @param inDocker Whether the components in Docker are declared, too. */
export async function openEverything({ inDocker }: { inDocker: boolean }): Promise<Everything> {
    await using opened = new AsyncDisposableStack();
    const bench = await Workbench.open();
    // Images and network outlast what uses them.
    const docker = inDocker ? await prepareDocker(bench, opened) : {};
    opened.use(bench);
    const emulator = opened.use(await CloudflareEmulator.start({ zones: [{ name: "example.com" }], team: "team" }));
    const unguarded: string[] = [];
    const witness = opened.use(
        await openWitness(emulator, (made) => {
            unguarded.push(...unguardedNames(emulator).map((name) => `after ${made}: ${name}`));
        }),
    );
    const [zone] = (await call(emulator, "GET", "/zones")).result;
    const under = opened.use(
        await openEngineStack(join(import.meta.dirname, "../programs/everything"), {
            CLOUDFLARE_BASE_URL: witness.apiBaseUrl,
            CLOUDFLARE_API_TOKEN: emulator.apiToken,
            EVERYTHING_ACCOUNT: emulator.accountId,
            EVERYTHING_ZONE: zone.id,
            EVERYTHING_SECRET: PLANTED,
            ...docker,
        }),
    );
    const owned = opened.move();
    return { emulator, bench, under, unguarded, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** What the program takes of Docker. */
async function prepareDocker(
    { docker, stack }: Workbench,
    opened: AsyncDisposableStack,
): Promise<Record<string, string>> {
    const [image, other] = IMAGES;
    await buildAccessClientImage(docker, { image });
    const [repo = "", tag = ""] = other.split(":");
    await docker.getImage(image).tag({ repo, tag });
    opened.defer(async () => {
        for (const name of IMAGES) await docker.getImage(name).remove({ force: true });
    });
    const network = await docker.createNetwork({ Name: `${stack}-shop`, Driver: "overlay" });
    opened.defer(() => network.remove());
    return { EVERYTHING_LABEL: stack, EVERYTHING_IMAGES: IMAGES.join(" "), EVERYTHING_NETWORK: network.id };
}

import { join } from "node:path";
import { CloudflareEmulator } from "../../../emulator/index.ts";
import { call } from "../../emulator/support.ts";
import { type EngineStack, openEngineStack } from "./engineStack.ts";
import { unguardedNames } from "./unguarded.ts";
import { openWitness } from "./witness.ts";

/** What the client secrets of all identity providers begin with. */
export const PLANTED = "planted-client-secret";

/** Every component that needs no Docker engine, on the real engine and an emulator of its own. */
export interface Everything extends AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    readonly under: EngineStack;
    /** Each moment in which a published name lacked its guard, and the call after which it did. */
    readonly unguarded: string[];
}

export async function openEverything(): Promise<Everything> {
    await using opened = new AsyncDisposableStack();
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
        }),
    );
    const owned = opened.move();
    return { emulator, under, unguarded, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

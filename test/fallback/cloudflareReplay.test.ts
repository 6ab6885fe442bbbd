/**
 * The fallback Cloudflare provider makes the requests of the official one. The recordings in `fixtures/` were taken from the
 * official provider (pulumi-cloudflare 6.17): creation, refresh, a change of some fields, destruction.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cloudflareProvider } from "../../toolchain/fallback/providers/cloudflare/index.ts";
import { FakeEngine, type ResourceState } from "./support/engine.ts";
import { core } from "./support/programs/core.ts";
import type { ProgramResource } from "./support/programs/program.ts";
import { zeroTrust } from "./support/programs/zeroTrust.ts";
import { exchangesOf, type ReplayServer, startReplayServer } from "./support/replayServer.ts";

const TOKEN_FUNCTION = "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken";

let server: ReplayServer;
let engine: FakeEngine;

beforeEach(async () => {
    server = await startReplayServer();
    const noPause = async () => undefined;
    engine = await FakeEngine.start(cloudflareProvider({}, noPause), { apiToken: "token", baseUrl: server.baseUrl });
});

afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
});

function tokenOf(type: string): string {
    return `cloudflare:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
}

/** Runs a whole program through its four recordings, comparing every request. */
async function replay(
    recording: string,
    program: readonly ProgramResource[],
    alsoAsk: () => Promise<unknown>,
): Promise<void> {
    const states = new Map<string, ResourceState>();
    const of = (name: string): ResourceState => {
        const state = states.get(name);
        if (state === undefined) {
            throw new Error(`'${name}' is used before it is made`);
        }
        return state;
    };
    const expectWholeRecording = () => {
        expect(server.unexpected).toEqual([]);
        expect(server.missing).toEqual([]);
    };

    server.play(`${recording}-1-create`);
    for (const { name, type, inputs } of program) {
        states.set(name, await engine.create(tokenOf(type), name, inputs({ changed: false, of })));
    }
    await alsoAsk();
    expectWholeRecording();

    for (const { name, inputs } of program) {
        expect
            .soft(await engine.diff(of(name), inputs({ changed: false, of })), name)
            .toMatchObject({ changed: false });
    }

    server.play(`${recording}-2-refresh`);
    for (const { name } of program) {
        const refreshed = await engine.refresh(of(name));
        expect.soft(refreshed?.inputs, name).toEqual(of(name).inputs);
        states.set(name, refreshed ?? of(name));
    }
    expectWholeRecording();

    server.play(`${recording}-3-update`);
    for (const { name, inputs } of program) {
        const changed = inputs({ changed: true, of });
        const difference = await engine.diff(of(name), changed);
        expect.soft(difference.replaces, name).toEqual([]);
        if (difference.changed) {
            states.set(name, await engine.update(of(name), changed));
        }
    }
    await alsoAsk();
    expectWholeRecording();

    server.play(`${recording}-4-destroy`);
    for (const { name } of [...program].reverse()) {
        await engine.delete(of(name));
    }
    await alsoAsk();
    expectWholeRecording();
}

describe("the fallback Cloudflare provider makes the official provider's requests", () => {
    it("for a tunnel, its Access application and its DNS record, from creation to destruction", async () => {
        const tunnelId = "07779c3a-7211-41b1-a380-21b37fd8bdb9";
        await replay("cloudflare", core, () => engine.invoke(TOKEN_FUNCTION, { accountId: "a".repeat(32), tunnelId }));
    });

    it("for every other Zero Trust resource, from creation to destruction", async () => {
        const upload = exchangesOf("cloudflare-zt-1-create").find(({ path }) => path.endsWith("/access/certificates"));
        const { certificate = "" } = (upload?.body ?? {}) as { certificate?: string };
        await replay("cloudflare-zt", zeroTrust(certificate), async () => undefined);
    });
});

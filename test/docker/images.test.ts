import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { dockerAt, ensureImages } from "../../toolchain/docker/index.ts";
import { buildContext, RECIPES } from "../../toolchain/docker/recipes.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { FakeEngine } from "./support/fakeEngine.ts";

const OFFICIAL = ["cloudflare/cloudflared:2025.2.0", "traefik:v3.6.15", "traefik/whoami:v1.11.0"] as const;

let folder: string;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "images-"));
    await writeFile(join(folder, "binary"), "one");
});

afterEach(() => rm(folder, { recursive: true }));

/** An engine with a store of images and a registry that may be out of reach. */
async function engineWith(present: readonly string[], registry: "answers" | "refuses" | "silence") {
    const engine = await FakeEngine.start();
    const store = new Set<string>();
    const put = (reference: string) => {
        store.add(reference);
        engine.answer(`GET /images/${reference}/json`, { body: { Id: reference } });
    };
    for (const reference of present) put(reference);
    engine.answer("GET /images/json", () => ({ body: [{ RepoTags: [...store] }] }));
    engine.answer("POST /images/create", ({ query }) => {
        if (registry === "silence") return "silence";
        if (registry === "refuses")
            return { status: 500, body: { message: "dial tcp: lookup registry: no such host" } };
        put(`${query.get("fromImage")}:${query.get("tag")}`);
        return { body: { status: "Pulling" } };
    });
    engine.answer("POST /build", ({ query }) => {
        put(query.get("t") ?? "");
        return { body: { stream: "built" } };
    });
    return engine;
}

function ensure(engine: FakeEngine, asked: string[] = []) {
    const binary = async (name: string) => {
        asked.push(name);
        return join(folder, "binary");
    };
    const docker = dockerAt(engine.host);
    return ensureImages({ docker, progress: silentProgress, tools: { binary }, registryAnswersWithinMs: 50 });
}

const paths = (engine: FakeEngine, method: string) =>
    engine.requests.filter((request) => request.method === method).map(({ path }) => path);

describe("the images of the local environment", () => {
    it("are the official ones where they are present, without any network", async () => {
        await using engine = await engineWith(OFFICIAL, "silence");
        const asked: string[] = [];
        const images = await ensure(engine, asked);
        expect(images).toEqual({ cloudflared: OFFICIAL[0], traefik: OFFICIAL[1], demo: OFFICIAL[2] });
        expect(paths(engine, "POST")).toEqual([]);
        expect(asked).toEqual([]);
    });

    it("are pulled where a registry answers", async () => {
        await using engine = await engineWith([], "answers");
        const images = await ensure(engine);
        expect(images).toEqual({ cloudflared: OFFICIAL[0], traefik: OFFICIAL[1], demo: OFFICIAL[2] });
        expect(paths(engine, "POST")).toEqual(Array(3).fill("/images/create"));
    });

    it.each(["refuses", "silence"] as const)(
        "are built around our binaries where the registry %s",
        async (registry) => {
            await using engine = await engineWith([], registry);
            const images = await ensure(engine);
            expect(images.cloudflared).toMatch(/^sallyport\.local\/cloudflared:2025\.2\.0-[0-9a-f]{12}$/);
            expect(images.traefik).toMatch(/^sallyport\.local\/traefik:3\.6\.15-[0-9a-f]{12}$/);
            expect(images.demo).toMatch(/^sallyport\.local\/whoami:1\.11\.0-[0-9a-f]{12}$/);
            expect(paths(engine, "POST").filter((path) => path === "/build")).toHaveLength(3);
        },
    );

    it("that were built before are used again without asking the registry, until the binary changes", async () => {
        await using engine = await engineWith([], "refuses");
        const first = await ensure(engine);
        const before = paths(engine, "POST").length;
        expect(await ensure(engine)).toEqual(first);
        expect(paths(engine, "POST")).toHaveLength(before);

        await writeFile(join(folder, "binary"), "two");
        const second = await ensure(engine);
        expect(second.cloudflared).not.toBe(first.cloudflared);
    });

    it("that cannot be built are an error with the engine's words", async () => {
        await using engine = await engineWith([], "refuses");
        engine.answer("POST /build", { body: { error: "no space left on device" } });
        await expect(ensure(engine)).rejects.toThrow(
            /^The image sallyport\.local\/.* cannot be built: no space left on device$/,
        );
    });
});

describe("the context of an image that is built here", () => {
    const bytes = async (caBundle?: string) => {
        const context = await buildContext(RECIPES.cloudflared, join(folder, "binary"), caBundle);
        const chunks: Buffer[] = [];
        for await (const chunk of context.tar()) chunks.push(chunk as Buffer);
        return { digest: context.digest, tar: Buffer.concat(chunks) };
    };

    it("is the same byte for byte each time, with the official image's user and entry point", async () => {
        vi.useFakeTimers({ toFake: ["Date"], now: 0 });
        onTestFinished(() => void vi.useRealTimers());
        const first = await bytes();
        vi.setSystemTime("2030-01-01");
        const second = await bytes();
        expect(second.tar.equals(first.tar)).toBe(true);
        expect(first.tar.toString("latin1")).toContain(
            "FROM scratch\nCOPY root/ /\nENV PATH=/usr/local/bin\nLABEL sallyport.binary.sha256=",
        );
        expect(first.tar.toString("latin1")).toContain(
            'USER 65532:65532\nENTRYPOINT ["cloudflared", "--no-autoupdate"]\nCMD ["version"]\n',
        );
    });

    it("has another digest when the root certificates change", async () => {
        await writeFile(join(folder, "ca.pem"), "certificate");
        expect((await bytes(join(folder, "ca.pem"))).digest).not.toBe((await bytes()).digest);
    });
});

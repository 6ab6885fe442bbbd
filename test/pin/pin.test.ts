import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pin } from "../../cli/pin/pin.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { digestOfText, type Manifest, standInRegistry } from "./support/standInRegistry.ts";

const MANIFEST = '{"schemaVersion":2}';
const DIGEST = digestOfText(MANIFEST);
const OLD = `sha256:${"f".repeat(64)}`;

/** A folder with one stack file, whose images are those of a registry. */
function stackFile(connector: string, proxy: string): Disposable & { folder: string; text(): string; path: string } {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-pin-"));
    const path = join(folder, "Pulumi.prod.yaml");
    const text = [
        "# Ours.",
        "config:",
        "  sallyport:accountId: 0123456789abcdef0123456789abcdef",
        "  sallyport:zone: example.com",
        "  sallyport:team: example",
        "  sallyport:audiences: {}",
        `  sallyport:connector: { image: "${connector}" } # dials out`,
        `  sallyport:proxy: { image: "${proxy}" }`,
        "",
    ].join("\n");
    writeFileSync(path, text, { mode: 0o640 });
    return {
        folder,
        path,
        text: () => readFileSync(path, "utf8"),
        [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
    };
}

const asked = { check: false, update: false, progress: silentProgress };
const registryWith = (manifest: Manifest, more: object = {}) =>
    standInRegistry({ manifests: { "cloudflared:1": manifest, "team/traefik:v3": manifest }, ...more });

describe("pinning", () => {
    it("writes the digest of each image beside its tag, and touches nothing else", async () => {
        await using registry = await registryWith({ body: MANIFEST });
        using file = stackFile(`${registry.host}/cloudflared:1`, `${registry.host}/team/traefik:v3`);
        const before = file.text();
        const { images } = await pin("prod", { ...asked, folder: file.folder });
        const [connector, proxy] = [
            `${registry.host}/cloudflared:1@${DIGEST}`,
            `${registry.host}/team/traefik:v3@${DIGEST}`,
        ];
        expect(images).toEqual([
            { path: "sallyport:connector.image", image: connector, pinned: true, changed: true },
            { path: "sallyport:proxy.image", image: proxy, pinned: true, changed: true },
        ]);
        expect(file.text()).toBe(
            before
                .replace(`"${registry.host}/cloudflared:1"`, connector)
                .replace(`"${registry.host}/team/traefik:v3"`, proxy),
        );
        expect(statSync(file.path).mode & 0o777).toBe(0o640);
        expect(readdirSync(file.folder)).toEqual(["Pulumi.prod.yaml"]);
    });

    it("gets a token for anonymous users where the registry asks for one", async () => {
        await using registry = await registryWith({ body: MANIFEST }, { challenge: {} });
        using file = stackFile(`${registry.host}/cloudflared:1`, `${registry.host}/team/traefik:v3`);
        const { images } = await pin("prod", { ...asked, folder: file.folder });
        expect(images.every(({ pinned }) => pinned)).toBe(true);
    });

    it("leaves an image with a digest as it is, and asks nobody", async () => {
        await using registry = await registryWith({ body: MANIFEST });
        using file = stackFile(`${registry.host}/cloudflared:1@${OLD}`, `${registry.host}/team/traefik:v3@${OLD}`);
        const before = file.text();
        const { images } = await pin("prod", { ...asked, folder: file.folder });
        expect(images.map(({ pinned, changed }) => ({ pinned, changed }))).toEqual([
            { pinned: true, changed: false },
            { pinned: true, changed: false },
        ]);
        expect(file.text()).toBe(before);
        expect(registry.requests).toEqual([]);
    });

    it("looks up an image with a digest where it is told to", async () => {
        await using registry = await registryWith({ body: MANIFEST });
        using file = stackFile(`${registry.host}/cloudflared:1@${OLD}`, `${registry.host}/team/traefik:v3@${DIGEST}`);
        const { images } = await pin("prod", { ...asked, update: true, folder: file.folder });
        expect(images.map(({ changed }) => changed)).toEqual([true, false]);
        expect(file.text()).not.toContain(OLD);
    });

    it("only tells what has no digest where it is told to check", async () => {
        await using registry = await registryWith({ body: MANIFEST });
        using file = stackFile(`${registry.host}/cloudflared:1`, `${registry.host}/team/traefik:v3@${OLD}`);
        const before = file.text();
        const { images } = await pin("prod", { ...asked, check: true, folder: file.folder });
        expect(images.map(({ pinned }) => pinned)).toEqual([false, true]);
        expect(file.text()).toBe(before);
        expect(registry.requests).toEqual([]);
    });

    it("tells every image that has no digest at once, and leaves the file as it was", async () => {
        await using registry = await standInRegistry({ manifests: { "good:1": { body: MANIFEST } } });
        using file = stackFile(`${registry.host}/lost:1`, `${registry.host}/good:2`);
        const before = file.text();
        await expect(pin("prod", { ...asked, folder: file.folder })).rejects.toMatchObject({
            exit: 3,
            message: [
                "2 images have no digest, and the stack file is as it was:",
                `  sallyport:connector.image: ${registry.host}/lost:1: ${registry.host} does not know it`,
                `  sallyport:proxy.image: ${registry.host}/good:2: ${registry.host} does not know it`,
            ].join("\n"),
        });
        expect(file.text()).toBe(before);
    });

    it("refuses the stack of this machine, and a stack that there is not", async () => {
        await expect(pin("local", asked)).rejects.toMatchObject({ exit: 2 });
        using file = stackFile("a:1", "b:1");
        await expect(pin("staging", { ...asked, folder: file.folder })).rejects.toThrow(/Pulumi\.staging\.yaml/);
    });
});

describe("a registry", () => {
    const problemOf = async (manifest: Manifest, challenge?: object) => {
        await using registry = await registryWith(manifest, challenge === undefined ? {} : { challenge });
        using file = stackFile(`${registry.host}/cloudflared:1`, `a:1@${OLD}`);
        const answer = await pin("prod", { ...asked, folder: file.folder }).catch((error: Error) => error);
        const [, line = ""] = answer instanceof Error ? answer.message.split("\n") : [];
        return line.split(":1: ")[1]?.replaceAll(registry.host, "REGISTRY");
    };

    it.each<[string, Manifest, object | undefined, string]>([
        [
            "says another digest than it sends",
            { body: "{}", digest: OLD },
            undefined,
            `REGISTRY says ${OLD} and sends something else (${digestOfText("{}")})`,
        ],
        [
            "sends a page",
            { body: "<p>", type: "text/html" },
            undefined,
            "REGISTRY answers with text/html, which is no image",
        ],
        [
            "sends no type",
            { body: "{}", type: "" },
            undefined,
            "REGISTRY answers with no media type, which is no image",
        ],
        ["has had enough", { body: "{}", status: 429 }, undefined, "REGISTRY takes no more requests for now"],
        ["fails", { body: "{}", status: 500 }, undefined, "REGISTRY answers with 500"],
        [
            "asks for a password",
            { body: "{}" },
            { scheme: "Basic" },
            "REGISTRY asks for credentials, which are not used here",
        ],
        ["gives no token", { body: "{}" }, { refuses: true }, "REGISTRY gives no token to anonymous users (403)"],
        [
            "sends elsewhere in clear",
            { body: "{}" },
            { realm: "http://token.example.com/" },
            "REGISTRY sends to http://token.example.com for a token, which is not encrypted",
        ],
        [
            "sends too much",
            { body: "x".repeat(4 * 1024 * 1024 + 1) },
            undefined,
            "REGISTRY sends too much for a manifest",
        ],
    ])("that %s is told so", async (_, manifest, challenge, problem) => {
        expect(await problemOf(manifest, challenge)).toBe(problem);
    });

    it("that names no digest is believed what it sends", async () => {
        expect(await problemOf({ body: MANIFEST, digest: null })).toBeUndefined();
    });

    it("that is not there is told so", async () => {
        const gone = await registryWith({ body: MANIFEST });
        await gone[Symbol.asyncDispose]();
        using file = stackFile(`${gone.host}/cloudflared:1`, `a:1@${OLD}`);
        await expect(pin("prod", { ...asked, folder: file.folder })).rejects.toThrow(
            `${gone.host} cannot be reached: `,
        );
    });
});

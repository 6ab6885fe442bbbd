import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseImage, withDigest } from "../../cli/pin/imageReference.ts";
import { imagesIn, withImages } from "../../cli/pin/stackImages.ts";
import { TOOLS } from "../../toolchain/index.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("a reference to an image", () => {
    const hub = "registry-1.docker.io";
    it.each([
        ["traefik", { registry: hub, repository: "library/traefik", tag: "latest", digest: undefined }],
        ["traefik:v3.6", { registry: hub, repository: "library/traefik", tag: "v3.6", digest: undefined }],
        [
            "cloudflare/cloudflared:1",
            { registry: hub, repository: "cloudflare/cloudflared", tag: "1", digest: undefined },
        ],
        ["docker.io/traefik:1", { registry: hub, repository: "library/traefik", tag: "1", digest: undefined }],
        ["index.docker.io/a/b:1", { registry: hub, repository: "a/b", tag: "1", digest: undefined }],
        ["ghcr.io/a/b/c:1", { registry: "ghcr.io", repository: "a/b/c", tag: "1", digest: undefined }],
        ["localhost/a:1", { registry: "localhost", repository: "a", tag: "1", digest: undefined }],
        ["registry:5000/a", { registry: "registry:5000", repository: "a", tag: "latest", digest: undefined }],
        [`traefik:v3@${DIGEST}`, { registry: hub, repository: "library/traefik", tag: "v3", digest: DIGEST }],
        [`ghcr.io/a/b@${DIGEST}`, { registry: "ghcr.io", repository: "a/b", tag: "latest", digest: DIGEST }],
    ])("%s is taken apart as Docker does", (image, parts) => {
        expect(parseImage(image)).toEqual(parts);
    });

    it("keeps its tag beside the digest, and one digest only", () => {
        expect(withDigest("traefik:v3", DIGEST)).toBe(`traefik:v3@${DIGEST}`);
        expect(withDigest(`traefik:v3@sha256:${"f".repeat(64)}`, DIGEST)).toBe(`traefik:v3@${DIGEST}`);
    });
});

describe("the images of a stack file", () => {
    it("are those that it names anywhere below a key of ours, and those that run where it names none", () => {
        const text = [
            "config:",
            "  docker:image: not-ours",
            "  sallyport:zone: example.com",
            "  sallyport:proxy: { replicas: 2, image: 'traefik:v3.6' }",
            "  sallyport:other:",
            "    inner:",
            "      image: nginx:1.29",
            "      images: [a]",
        ].join("\n");
        expect(imagesIn(text)).toEqual([
            { path: "sallyport:proxy.image", image: "traefik:v3.6", written: true },
            { path: "sallyport:other.inner.image", image: "nginx:1.29", written: true },
            { path: "sallyport:connector.image", image: TOOLS.cloudflared.image, written: false },
        ]);
    });

    it.each([
        {
            what: "a value, with its comment",
            before: "# mine\nconfig:\n    sallyport:proxy:\n        image: 'traefik:v3' # tried\n        replicas: 2\n",
            path: "sallyport:proxy.image",
            after: "# mine\nconfig:\n    sallyport:proxy:\n        image: new:1 # tried\n        replicas: 2\n",
        },
        {
            what: "a map on lines of its own",
            before: "config:\n  sallyport:proxy:\n    # two\n    replicas: 2\n  sallyport:zone: example.com\n",
            path: "sallyport:proxy.image",
            after: "config:\n  sallyport:proxy:\n    # two\n    image: new:1\n    replicas: 2\n  sallyport:zone: example.com\n",
        },
        {
            what: "a map in braces",
            before: "config:\n  sallyport:proxy: {replicas: 2} # two\n  sallyport:zone: example.com\n",
            path: "sallyport:proxy.image",
            after: "config:\n  sallyport:proxy: {image: new:1, replicas: 2} # two\n  sallyport:zone: example.com\n",
        },
        {
            what: "an empty map in braces",
            before: "config:\n  sallyport:proxy: {}\n",
            path: "sallyport:proxy.image",
            after: "config:\n  sallyport:proxy: {image: new:1}\n",
        },
        {
            what: "a key without a value",
            before: "config:\n  sallyport:proxy:\n  sallyport:zone: example.com\n",
            path: "sallyport:proxy.image",
            after: "config:\n  sallyport:proxy:\n    image: new:1\n  sallyport:zone: example.com\n",
        },
        {
            what: "a key that is not there",
            before: "# mine\nconfig:\n  # the zone\n  sallyport:zone: example.com\n",
            path: "sallyport:proxy.image",
            after: "# mine\nconfig:\n  # the zone\n  sallyport:proxy:\n    image: new:1\n  sallyport:zone: example.com\n",
        },
        {
            what: "a place deep below",
            before: "config:\n  sallyport:other:\n    inner: { image: old }\n",
            path: "sallyport:other.inner.image",
            after: "config:\n  sallyport:other:\n    inner: { image: new:1 }\n",
        },
        {
            what: "a file without configuration",
            before: "secretsprovider: passphrase\n",
            path: "sallyport:proxy.image",
            after: "secretsprovider: passphrase\nconfig:\n  sallyport:proxy:\n    image: new:1\n",
        },
    ])("change $what, and nothing else", ({ before, path, after }) => {
        expect(withImages(before, new Map([[path, "new:1"]]))).toBe(after);
        expect(JSON.stringify(parse(after))).toContain('"image":"new:1"');
    });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SECRET_TEXT } from "../../cli/reach/resources.ts";
import { completed } from "../../cli/recover/completion.ts";
import { fillImportFile } from "../../cli/recover/importFile.ts";
import { filledFrom, knownIn } from "../../cli/recover/known.ts";
import { UNKNOWN } from "../../policy/values.ts";

const COMPONENT = "sallyport:index:NamedTunnel";
const TUNNEL = "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared";
const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
const urnOf = (types: string, name: string) => `urn:pulumi:staging::sallyport::${types}::${name}`;

describe("the file that pulumi import reads", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "sallyport-import-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    /** Fills a file, and gives back its entries by name. */
    function filled(file: object, ids: Record<string, string>) {
        const path = join(folder, "import.json");
        writeFileSync(path, JSON.stringify(file));
        fillImportFile(path, new Map(Object.entries(ids)));
        return JSON.parse(readFileSync(path, "utf8"));
    }

    const file = {
        nameTable: {
            cloudflare: urnOf("pulumi:providers:cloudflare", "cloudflare"),
            outer: urnOf("a:b:Outer", "outer"),
        },
        resources: [
            { type: COMPONENT, name: "tunnel", component: true },
            { type: TUNNEL, name: "tunnel-tunnel", id: "<PLACEHOLDER>", parent: "tunnel", provider: "cloudflare" },
            { type: COMPONENT, name: "other", component: true, parent: "outer" },
            // The engine gives another name where two resources of different types have the same.
            { type: TUNNEL, name: "sameTunnel", logicalName: "same::name", id: "<PLACEHOLDER>", parent: "other" },
            {
                type: "random:index/randomPassword:RandomPassword",
                name: "secret",
                id: "<PLACEHOLDER>",
                parent: "tunnel",
            },
        ],
        providerInputs: { cloudflare: { version: "6.0.0" } },
    };

    it("holds what was found, under its id, with the components around it and nothing else", () => {
        const { resources, providerInputs } = filled(file, {
            [urnOf(`${COMPONENT}$${TUNNEL}`, "tunnel-tunnel")]: "account/id",
        });
        expect(resources.map(({ name, id }: { name: string; id?: string }) => [name, id])).toEqual([
            ["tunnel", undefined],
            ["tunnel-tunnel", "account/id"],
        ]);
        expect(providerInputs).toEqual(file.providerInputs);
    });

    it("is matched by whole URNs: types of the components above, those outside the file included, and the name in the program", () => {
        const { resources } = filled(file, { [urnOf(`a:b:Outer$${COMPONENT}$${TUNNEL}`, "same::name")]: "account/id" });
        expect(resources.map(({ name }: { name: string }) => name)).toEqual(["other", "sameTunnel"]);
        expect(filled(file, { [urnOf(TUNNEL, "tunnel-tunnel")]: "account/id" }).resources).toEqual([]);
    });
});

describe("an imported object", () => {
    const resource = (type: string, inputs: object, outputs: object) => ({
        version: 3,
        deployment: { resources: [{ urn: urnOf(type, "x"), type, inputs, outputs }] as never },
    });
    const own = (type: string, props: Record<string, unknown>, isLost = false) => [
        {
            declared: {
                urn: urnOf(type, "x"),
                type,
                name: "x",
                id: undefined,
                parent: undefined,
                props,
                dependencies: {},
            },
            isLost,
        },
    ];

    it("has the program's inputs, with what is there in place of what the program does not know", () => {
        const live = { name: "x", ttl: 1, comment: "by hand", tags: [], content: "there.example.com" };
        const state = resource("cloudflare:index/dnsRecord:DnsRecord", live, live);
        const declared = { name: "x", ttl: 1, comment: "declared", content: UNKNOWN };
        const [{ inputs, outputs } = {}] =
            completed(state, own("cloudflare:index/dnsRecord:DnsRecord", declared)).deployment.resources ?? [];
        expect(inputs).toEqual({ name: "x", ttl: 1, comment: "declared", content: "there.example.com" });
        expect(outputs).toEqual(live);
    });

    it("that is a tunnel stays the tunnel it is: its management is told under another name, its secret never", () => {
        const state = resource(TUNNEL, { name: "x" }, { name: "x", remoteConfig: true });
        const declared = { name: "x", configSrc: "local", tunnelSecret: SECRET_TEXT };
        const [{ inputs, outputs } = {}] = completed(state, own(TUNNEL, declared)).deployment.resources ?? [];
        expect(inputs).toEqual({ name: "x", configSrc: "cloudflare" });
        expect(outputs).toMatchObject({ configSrc: "cloudflare" });
    });

    it("that is an application names its policies, and does not repeat them", () => {
        const policies = [{ id: "p", precedence: 1, name: "staff", include: [] }];
        const state = resource(APPLICATION, { policies }, { policies });
        const [{ inputs } = {}] = completed(state, own(APPLICATION, { policies: UNKNOWN })).deployment.resources ?? [];
        expect(inputs).toEqual({ policies: [{ id: "p", precedence: 1 }] });
    });

    it("whose secret is lost is marked to be replaced, and what was not imported is not touched", () => {
        const type = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken";
        const state = resource(type, {}, {});
        expect(completed(state, own(type, {}, true)).deployment.resources).toMatchObject([{ taint: true }]);
        expect(completed(state, own(type, {})).deployment.resources?.[0]).not.toHaveProperty("taint");
        expect(completed(state, [])).toEqual(state);
    });
});

describe("what a preview tells", () => {
    it("is known where no part of it is unknown or secret", () => {
        const props = { a: 1, b: UNKNOWN, c: [{ d: SECRET_TEXT }], e: { f: [null] } };
        expect(knownIn(props)).toEqual({ a: 1, e: { f: [null] } });
    });

    it("takes the place of what is there, item by item", () => {
        expect(filledFrom([{ id: UNKNOWN, n: 1 }, UNKNOWN], [{ id: "a", n: 2, m: 3 }])).toEqual([{ id: "a", n: 1 }]);
        expect(filledFrom({ a: { b: UNKNOWN } }, undefined)).toEqual({ a: {} });
    });
});

import { describe, expect, it } from "vitest";
import { readCatalogueDocument } from "../../cli/kube/discovery/catalogueDocument.ts";
import { readCatalogue } from "../../cli/kube/discovery/sources/catalogue.ts";
import { ClusterSourceKind } from "../../stacks/config/clusterSources.ts";
import { catalogued } from "./support/sources.ts";
import { standIn } from "./support/standIn.ts";

const read = (from: string) => readCatalogue({ kind: ClusterSourceKind.Catalogue, from }, new AbortController().signal);

describe("a catalogue of clusters", () => {
    it("is read from an address", async () => {
        await using server = await standIn({ "GET /c.json": { body: { version: 1, clusters: [catalogued] } } });
        expect(await read(`${server.url}/c.json`)).toEqual({ clusters: [catalogued], problems: [] });
    });

    it("may tell more than is known here", () => {
        const newer = { ...catalogued, colour: "green" };
        expect(readCatalogueDocument({ version: 1, clusters: [newer], more: 1 }).clusters).toEqual([catalogued]);
    });

    it.each([
        [{ status: 404 }, /\/c\.json answers 404$/],
        [
            { status: 302, headers: { location: "https://elsewhere.example/" } },
            /redirects to https:\/\/elsewhere\.example\//,
        ],
        [{ body: "x".repeat(9 * 1024 * 1024) }, /more than 8388608 bytes/],
    ])("is not followed, guessed or taken without end: %o", async (answer, message) => {
        await using server = await standIn({ "GET /c.json": answer });
        await expect(read(`${server.url}/c.json`)).rejects.toThrow(message);
    });

    it("tells every mistake with its path", () => {
        const wrong = { ...catalogued, hostname: "https://x", server: "http://10.0.0.1", mode: "vpn", tags: { a: 1 } };
        const message = (() => {
            try {
                return String(readCatalogueDocument({ version: 2, clusters: [wrong, catalogued, catalogued] }));
            } catch (error) {
                return (error as Error).message;
            }
        })();
        expect(message.split("; ")).toEqual([
            expect.stringMatching(/^is no catalogue of clusters: version is not 1, the only version there is\./),
            expect.stringMatching(/^clusters\[0\]\.hostname "https:\/\/x" starts with a scheme/),
            expect.stringMatching(/^clusters\[0\]\.server "http:\/\/10\.0\.0\.1" is not reached over TLS/),
            "clusters[0].mode is none of socks.",
            "clusters[0].tags.a 1 is not a string. Write a string.",
        ]);
        expect(() => readCatalogueDocument({ version: 1, clusters: [catalogued, catalogued] })).toThrow(
            'clusters[1].name "orders" is the name of another one too',
        );
    });
});

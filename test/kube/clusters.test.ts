import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { knownClusters } from "../../cli/kube/discovery/clusters.ts";
import { ClusterSourceKind } from "../../stacks/config/clusterSources.ts";
import { folder } from "../connect/support/folder.ts";
import { catalogued } from "./support/sources.ts";

const MINUTE = 60_000;
let clock = 0;

beforeEach(() => {
    clock = Date.parse("2026-03-01");
});

/** A home of its own with a catalogue that a test may change. */
function home() {
    const files = folder();
    const path = files.write("clusters.json", "");
    vi.stubEnv("SALLYPORT_HOME", join(path, "..", "home"));
    const publish = (...clusters: object[]) => writeFileSync(path, JSON.stringify({ version: 1, clusters }));
    publish(catalogued);
    const notes: string[] = [];
    const known = (refresh = false, from = path) =>
        knownClusters({
            configuration: { sources: [{ kind: ClusterSourceKind.Catalogue, from, name: "ours" }], limitMs: 5_000 },
            refresh,
            note: (text) => notes.push(text),
            now: () => clock,
        });
    const cache = join(path, "..", "home", "kube", "clusters.json");
    return { ...files, path, publish, known, notes, cache, [Symbol.dispose]: () => files[Symbol.dispose]() };
}

const shop = { ...catalogued, name: "shop", hostname: "shop-k8s.example.com" };
const names = ({ clusters }: { clusters: readonly { name: string }[] }) => clusters.map(({ name }) => name);

describe("the clusters that are known", () => {
    it("come from the cache for an hour, and from the sources after it or when they are asked for", async () => {
        using here = home();
        expect(names(await here.known())).toEqual(["orders"]);
        here.publish(catalogued, shop);
        clock += 59 * MINUTE;
        expect(names(await here.known())).toEqual(["orders"]);
        expect(names(await here.known(true))).toEqual(["orders", "shop"]);
        here.publish(shop);
        clock += 61 * MINUTE;
        expect(names(await here.known())).toEqual(["shop"]);
    });

    it("tell which are new, and none at a first time", async () => {
        using here = home();
        expect((await here.known()).added).toEqual([]);
        here.publish(catalogued, shop);
        expect(names({ clusters: (await here.known(true)).added })).toEqual(["shop"]);
        expect((await here.known(true)).added).toEqual([]);
    });

    it("stay, with their age, where their source fails now; it is left alone for a minute", async () => {
        using here = home();
        const { answers } = await here.known();
        writeFileSync(here.path, "{");
        clock += 61 * MINUTE;
        const failed = await here.known();
        expect(names(failed)).toEqual(["orders"]);
        expect(failed.answers).toMatchObject([
            { answered: false, at: answers[0]?.at, problems: [expect.stringContaining("is not JSON")] },
        ]);
        here.publish(shop);
        expect(names(await here.known())).toEqual(["orders"]);
        clock += MINUTE;
        expect(names(await here.known())).toEqual(["shop"]);
    });

    it("are asked for anew where the source's settings changed, or the clock was set back", async () => {
        using here = home();
        await here.known();
        const other = here.write("other.json", JSON.stringify({ version: 1, clusters: [shop] }));
        expect(names(await here.known(false, other))).toEqual(["shop"]);
        here.publish(catalogued, shop);
        expect(names(await here.known())).toEqual(["orders", "shop"]);
        here.publish(catalogued);
        clock -= 24 * 60 * MINUTE;
        expect(names(await here.known())).toEqual(["orders"]);
    });

    it.each(["", "{", '{"version":1,"answers":[{"source":"ours"}]}', '{"version":99,"answers":[]}'])(
        "are found anew, with a note, where the cache is spoilt: %s",
        async (text) => {
            using here = home();
            mkdirSync(join(here.cache, ".."), { recursive: true });
            writeFileSync(here.cache, text);
            expect(names(await here.known())).toEqual(["orders"]);
            expect(here.notes).toEqual([expect.stringContaining("cannot be read as a cache of clusters")]);
            expect(JSON.parse(readFileSync(here.cache, "utf8"))).toMatchObject({ version: 1 });
        },
    );

    it("are kept only where they were found lately: what nobody asked about for a month is forgotten", async () => {
        using here = home();
        await here.known();
        const other = here.write("other.json", JSON.stringify({ version: 1, clusters: [shop] }));
        clock += 31 * 24 * 60 * MINUTE;
        await knownClusters({
            configuration: { sources: [{ kind: ClusterSourceKind.Catalogue, from: other }], limitMs: 5_000 },
            refresh: false,
            note: () => {},
            now: () => clock,
        });
        expect(readFileSync(here.cache, "utf8")).not.toContain('"orders"');
    });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { kubeconfigText } from "./support/generatedKubeconfig.ts";
import { alive, dead, entriesFor, killedAfter, workspace } from "./support/workspace.ts";

const clusters = ["a", "b", "c"];
/** Clusters in the order in which they are connected, and in which they are disconnected. */
const orders = fc
    .tuple(fc.shuffledSubarray(clusters, { minLength: 1 }), fc.infiniteStream(fc.nat()))
    .map(([connected, numbers]) => ({
        connected,
        disconnected: connected
            .map((cluster) => ({ cluster, at: numbers.next().value as number }))
            .sort((x, y) => x.at - y.at)
            .map(({ cluster }) => cluster),
    }));

const RUNS = { numRuns: 200 };
const FEWER_RUNS = { numRuns: 100 };
/** Thousands of small files are written: milliseconds on a machine with much else to do. */
const WITHIN_MS = 90_000;
const isOf =
    (cluster: string) =>
    ({ name }: { name: string }) =>
        name === `sallyport-${cluster}`;

describe("a kubeconfig that was connected and disconnected", { timeout: WITHIN_MS }, () => {
    it("is what it was, byte for byte, in whatever order clusters come and go", async () => {
        await fc.assert(
            fc.asyncProperty(kubeconfigText, orders, async (text, { connected, disconnected }) => {
                using space = workspace();
                const file = space.write("config", text);
                for (const cluster of connected) {
                    await space.kubeconfigs().add(file, [entriesFor(cluster)], alive);
                }
                const merged = parse(space.read("config") ?? "", { merge: true });
                expect(merged["current-context"]).toBe(`sallyport-${connected.at(-1)}`);
                expect(merged.contexts.map(({ name }: { name: string }) => name)).toEqual(
                    expect.arrayContaining(connected.map((cluster) => `sallyport-${cluster}`)),
                );
                for (const cluster of disconnected) {
                    await space.kubeconfigs().withdraw(isOf(cluster));
                }
                expect(space.read("config")).toBe(text);
            }),
            RUNS,
        );
    });

    it("is repaired by the next run, byte for byte, at whatever moment the one before was killed", async () => {
        let killed = 0;
        await fc.assert(
            fc.asyncProperty(kubeconfigText, fc.nat(30), fc.nat(30), async (text, firstChanges, secondChanges) => {
                using space = workspace();
                const file = space.write("config", text);
                for (const changes of [firstChanges, secondChanges]) {
                    const disk = killedAfter(changes);
                    const doomed = space.kubeconfigs(disk, dead);
                    await Promise.allSettled([
                        doomed
                            .add(file, [entriesFor("a")], dead)
                            .then(() => doomed.add(file, [entriesFor("b")], dead))
                            .then(() => doomed.withdraw(isOf("a"))),
                    ]);
                    killed += Number(disk.wasKilled);
                }
                await space.kubeconfigs().repair();
                expect(space.read("config")).toBe(text);
                expect(space.read("config.lock")).toBeUndefined();
                expect(space.read("config.sallyport")).toBeUndefined();
                expect(space.kubeconfigs().contexts()).toEqual([]);
            }),
            RUNS,
        );
        expect(killed).toBeGreaterThan(RUNS.numRuns);
    });

    it("keeps every byte that somebody else has written meanwhile", async () => {
        await fc.assert(
            fc.asyncProperty(kubeconfigText, orders, fc.boolean(), async (text, { connected }, atTheTop) => {
                fc.pre(text.trim() !== "" && !/^(\uFEFF)?[{%]|\.\.\.\s*$/.test(text));
                const edited = (before: string) => (atTheTop ? `# theirs\n${before}` : `${before}\n# theirs`);
                using space = workspace();
                const file = space.write("config", text);
                for (const cluster of connected) {
                    await space.kubeconfigs().add(file, [entriesFor(cluster)], alive);
                }
                space.write("config", edited(space.read("config") ?? ""));
                await space.kubeconfigs().withdraw(() => true);
                expect(space.read("config")).toBe(edited(text));
            }),
            FEWER_RUNS,
        );
    });

    it("holds what it held, and nothing of ours, after a program that writes the whole file anew", async () => {
        await fc.assert(
            fc.asyncProperty(
                kubeconfigText,
                orders,
                fc.boolean(),
                fc.boolean(),
                async (text, { connected, disconnected }, asJson, switched) => {
                    using space = workspace();
                    const file = space.write("config", text);
                    for (const cluster of connected) {
                        await space.kubeconfigs().add(file, [entriesFor(cluster)], alive);
                    }
                    const content = parse(space.read("config") ?? "", { merge: true });
                    const theirs = { ...content, ...(switched ? { "current-context": "theirs" } : {}), extensions: [] };
                    space.write(
                        "config",
                        asJson ? JSON.stringify(theirs) : stringify(theirs, { sortMapEntries: true }),
                    );
                    for (const cluster of disconnected) {
                        await space.kubeconfigs().withdraw(isOf(cluster));
                    }
                    expect(held(space.read("config"))).toEqual({
                        ...held(text),
                        ...(switched ? { current: "theirs" } : {}),
                    });
                },
            ),
            FEWER_RUNS,
        );
    });
});

/** What a kubeconfig says, whether its lists are written down as empty or not at all. */
function held(text: string | undefined) {
    const { clusters, users, contexts, "current-context": current } = parse(text ?? "", { merge: true }) ?? {};
    return { clusters: clusters ?? [], users: users ?? [], contexts: contexts ?? [], current: current ?? "" };
}

import { describe, expect, it } from "vitest";
import type { DiscoveredCluster } from "../../cli/kube/discovery/cluster.ts";
import { realDisk } from "../../cli/kube/kubeconfig/disk.ts";
import { readMerged } from "../../cli/kube/kubeconfig/merged.ts";
import { requestedClusters } from "../../cli/kube/request.ts";
import { Mistakes } from "../../cli/mistakes.ts";
import { workspace } from "./support/workspace.ts";

const orders: DiscoveredCluster = {
    name: "orders",
    hostname: "orders.example.com",
    server: "https://10.0.0.1:6443",
    aud: "a".repeat(64),
    team: "team",
    tags: {},
    sources: ["stack prod"],
    kubernetesAuth: { oidc: { issuer: "https://id.example.com", clientId: "kubernetes" } },
};
const { kubernetesAuth: _, ...plain } = {
    ...orders,
    name: "plain",
    hostname: "plain.example.com",
    server: "https://10.0.0.2",
};
const known = [orders, plain, { name: "unreachable", tags: {}, sources: ["eks eu-west-1"] }];

/** What is asked for, by somebody with this kubeconfig. */
function want(names: string[], options: { kubeconfig?: string; user?: string; local?: Record<string, number> } = {}) {
    using space = workspace();
    const files = options.kubeconfig === undefined ? [] : [space.write("config", options.kubeconfig)];
    const mistakes = new Mistakes();
    const localPorts = new Map(Object.entries(options.local ?? {}));
    const kubeconfig = readMerged(files, realDisk, (name) => name.startsWith("sallyport-"));
    const clusters = requestedClusters({ names, localPorts, user: options.user, known, kubeconfig }, mistakes);
    mistakes.throwIfAny();
    return clusters;
}

describe("a cluster that is asked for", () => {
    it("is found by its name, its host name, or its source and name, and once only", () => {
        for (const name of ["orders", "orders.example.com", "stack prod/orders"]) {
            expect(want([name, name])).toMatchObject([{ name: "orders", server: "https://10.0.0.1:6443" }]);
        }
    });

    it("is asked as the user of its owner's own context for the same API server, in that context's namespace", () => {
        const kubeconfig = JSON.stringify({
            clusters: [
                { name: "a", cluster: { server: "https://10.0.0.1:6443/" } },
                { name: "b", cluster: { server: "https://10.0.0.9" } },
            ],
            contexts: [
                { name: "other", context: { cluster: "b", user: "nobody" } },
                { name: "first", context: { cluster: "a", user: "reader" } },
                { name: "current", context: { cluster: "a", user: "ann", namespace: "shop" } },
            ],
            users: [{ name: "ann", user: {} }],
            "current-context": "current",
        });
        expect(want(["orders"], { kubeconfig })[0]).toMatchObject({ context: { user: "ann", namespace: "shop" } });
        expect(want(["orders"], { kubeconfig })[0]).not.toHaveProperty("oidc");
    });

    it("is asked as the user that is named, else through the catalogue's OpenID provider, else as nobody", () => {
        const kubeconfig = JSON.stringify({ users: [{ name: "ann", user: {} }] });
        expect(want(["orders"], { kubeconfig, user: "ann" })).toMatchObject([{ context: { user: "ann" } }]);
        expect(want(["orders"])).toMatchObject([
            { context: { user: "sallyport-orders" }, oidc: { issuer: "https://id.example.com" } },
        ]);
        expect(want(["plain"])).toMatchObject([{ context: { user: "" } }]);
    });

    it("is refused with every mistake at once", () => {
        expect(() => want(["unreachable", "zoo"], { user: "bob", local: { other: 1 } })).toThrow(
            [
                "4 mistakes:",
                '  --local other: "other" is not among the names to connect to',
                "  --user bob: is no user of your kubeconfig; it has none",
                "  unreachable: no tunnel leads to it; give it one with ClusterAccess, or name its host name in a tag",
                "  zoo: is no cluster that is known; write one of orders, plain, unreachable, or look anew: --refresh",
            ].join("\n"),
        );
    });
});

describe("several kubeconfigs", () => {
    it("are read as kubectl does: of two entries with one name the first file's counts", () => {
        using space = workspace();
        const entry = (user: string) => `contexts:\n- name: dev\n  context: {cluster: c, user: ${user}}\n`;
        const files = [space.path("missing"), space.write("a", entry("first")), space.write("b", entry("second"))];
        const { contexts } = readMerged(files, realDisk, () => false);
        expect(contexts).toEqual([{ name: "dev", server: undefined, user: "first" }]);
    });

    it("are refused where kubectl could not read one of them", () => {
        using space = workspace();
        const file = space.write("a", "clusters: [");
        expect(() => readMerged([file], realDisk, () => false)).toThrow(`${file} is not YAML that kubectl reads`);
    });
});

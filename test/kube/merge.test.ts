import { describe, expect, it } from "vitest";
import { HOSTNAME_TAG, withHostnames } from "../../cli/kube/discovery/hostnameTag.ts";
import { clustersNamed, mergeClusters, newClusters } from "../../cli/kube/discovery/merge.ts";
import { ClusterSourceKind } from "../../stacks/config/clusterSources.ts";
import { catalogued, said } from "./support/sources.ts";

const { Catalogue, Eks, Vault } = ClusterSourceKind;

describe("a host name by tag", () => {
    const tagged = (value: string) => ({ name: "c", tags: { [HOSTNAME_TAG]: value } });

    it("is a first label or a whole name within the zone", () => {
        const { clusters, problems } = withHostnames([tagged("orders"), tagged("shop.example.com")], "example.com");
        expect(clusters.map(({ hostname }) => hostname)).toEqual(["orders.example.com", "shop.example.com"]);
        expect(problems).toEqual([]);
    });

    it.each(["orders.evil.example", "*", "a.b.example.com", "orders.example.com.evil.example", "x/../y"])(
        "is not believed where it leads elsewhere: %s",
        (value) => {
            const { clusters, problems } = withHostnames([tagged(value)], "example.com");
            expect(clusters).toEqual([tagged(value)]);
            expect(problems).toEqual([expect.stringContaining(`c: the tag ${HOSTNAME_TAG}: `)]);
        },
    );
});

describe("what several sources tell", () => {
    it("is one cluster where the host name is the same; the catalogue's word counts before the cloud's", () => {
        const cloud = {
            name: "eks-1",
            hostname: catalogued.hostname,
            server: "https://evil.example",
            tags: { team: "x" },
        };
        expect(mergeClusters([said("eks", Eks, [cloud]), said("ours", Catalogue, [catalogued])])).toEqual([
            { ...catalogued, tags: { team: "x" }, sources: ["ours", "eks"] },
        ]);
    });

    it("is one cluster where the API server is the same and one of them knows no host name", () => {
        const cloud = { name: "eks-1", server: "https://10.0.0.1:6443/", tags: {} };
        expect(mergeClusters([said("eks", Eks, [cloud]), said("ours", Catalogue, [catalogued])])).toHaveLength(1);
    });

    it("are several clusters where only the name is the same, told apart by their sources", () => {
        const other = { ...catalogued, hostname: "orders-2.example.com", server: "https://10.0.0.2:6443" };
        const clusters = mergeClusters([said("ours", Catalogue, [catalogued]), said("dc", Vault, [other])]);
        expect(clustersNamed(clusters, "orders")).toHaveLength(2);
        expect(clustersNamed(clusters, "dc/orders")).toMatchObject([{ hostname: "orders-2.example.com" }]);
        expect(clustersNamed(clusters, "orders-k8s.example.com")).toMatchObject([{ sources: ["ours"] }]);
        expect(clustersNamed(clusters, "order")).toEqual([]);
    });

    it("shows which clusters are new: not those that moved to another source or server", () => {
        const before = mergeClusters([said("ours", Catalogue, [catalogued])]);
        const moved = { ...catalogued, server: "https://10.0.0.9:6443" };
        const added = { name: "shop", tags: {} };
        const after = mergeClusters([said("theirs", Catalogue, [moved]), said("eks", Eks, [added])]);
        expect(newClusters(before, after)).toEqual([{ ...added, sources: ["eks"] }]);
    });
});

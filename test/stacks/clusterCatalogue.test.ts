import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type ClusterCatalogue, ClusterTunnelMode } from "../../components/kubernetes/catalogue.ts";
import { clusterCatalogue } from "../../stacks/clusters/catalogueSchema.ts";

/** A catalogue of the named clusters that is right in all. */
function catalogueOf(...names: string[]): ClusterCatalogue {
    return {
        version: 1,
        clusters: names.map((name) => ({
            name,
            hostname: `${name}.example.com`,
            aud: "a1".repeat(32),
            team: "example",
            server: "https://10.0.0.1:6443",
            certificateAuthorityData: "LS0tLS1CRUdJTg==",
            mode: ClusterTunnelMode.Socks,
            audience: ["operators"],
            policyIds: ["6f1c1a9e-2f3b-4d0e-9c57-0e5b8a3d1c42"],
            tags: { region: "eu-west-1" },
            kubernetesAuth: { oidc: { issuer: "https://id.example.com/realms/staff", clientId: "kubernetes" } },
        })),
    };
}

describe("the catalogue of clusters", () => {
    it("comes through a reader as it was written", () => {
        const written = catalogueOf("payments-eu", "payments-us");
        expect(clusterCatalogue.parse(JSON.parse(JSON.stringify(written)))).toEqual(written);
    });

    it("says of every wrong value where it stands and what is wrong", () => {
        const [cluster] = catalogueOf("payments-eu").clusters;
        const wrong = {
            version: 1,
            clusters: [
                cluster,
                { ...cluster, server: "http://10.0.0.1:6443", aud: "a1", audience: [], mode: "vpn", token: "t" },
                cluster,
            ],
        };
        const { error } = clusterCatalogue.safeParse(wrong);
        expect(error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual([
            "clusters.1.aud: is not an audience tag of 64 hexadecimal digits",
            'clusters.1.server: is not the URL of an API server, such as "https://10.0.0.1:6443"',
            "clusters.1.mode: is none of socks",
            "clusters.1.audience: is empty",
            'clusters.1: Unrecognized key: "token"',
        ]);
    });

    it("refuses two clusters of one name", () => {
        const { error } = clusterCatalogue.safeParse(catalogueOf("a", "b", "a"));
        expect(error?.issues).toEqual([
            expect.objectContaining({
                path: ["clusters", 2, "name"],
                message: '"a" stands at clusters[0] already; give one of the two another name',
            }),
        ]);
    });

    it("refuses a version that it does not know", () => {
        const { error } = clusterCatalogue.safeParse({ ...catalogueOf("a"), version: 2 });
        expect(error?.issues[0]?.message).toBe(
            "is not 1, the only version that this sallyport reads; bring it up to date",
        );
    });

    it("has a JSON schema for programs in other languages", async () => {
        const schema = z.toJSONSchema(clusterCatalogue);
        await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(
            "../../docs/clusters.schema.json",
        );
    });
});

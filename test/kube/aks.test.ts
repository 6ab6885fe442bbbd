import { describe, expect, it, vi } from "vitest";
import { readAks } from "../../cli/kube/discovery/sources/aks.ts";
import { ClusterSourceKind } from "../../stacks/config/clusterSources.ts";
import { secureStandIn } from "./support/secureStandIn.ts";
import { type Recording, standIn } from "./support/standIn.ts";

const SUBSCRIPTION = "00000000-0000-4000-8000-000000000000";
const LIST = `GET /subscriptions/${SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters`;

async function read(recording: (url: () => string) => Recording, signal = new AbortController().signal) {
    // A managed identity, as App Service hands one to its programs, is a link of Azure's own chain of credentials.
    await using identity = await standIn({
        "GET /token": { body: { access_token: "eyJ.example", expires_on: "4102444800", token_type: "Bearer" } },
    });
    vi.stubEnv("IDENTITY_ENDPOINT", `${identity.url}/token`);
    vi.stubEnv("IDENTITY_HEADER", "secret");
    let url = "";
    await using server = await secureStandIn(recording(() => url));
    url = server.url;
    const source = { kind: ClusterSourceKind.Aks, subscription: SUBSCRIPTION, zone: "example.com", endpoint: url };
    const reading = await readAks(source, signal).catch((error: unknown) => error as Error);
    return { reading, requests: server.requests };
}

/** A cluster after Azure's own example of the list (azure-rest-api-specs, `aks/stable/2024-09-01/examples/ManagedClustersList.json`). */
const clusterNamed = (name: string, tags: Readonly<Record<string, string>>) => ({
    id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg1/providers/Microsoft.ContainerService/managedClusters/${name}`,
    location: "location1",
    name,
    tags,
    type: "Microsoft.ContainerService/ManagedClusters",
    eTag: "nvweuib",
    properties: {
        provisioningState: "Succeeded",
        kubernetesVersion: "1.9.6",
        dnsPrefix: "dnsprefix1",
        fqdn: "dnsprefix1-abcd1234.hcp.eastus.azmk8s.io",
        agentPoolProfiles: [{ name: "nodepool1", count: 3, vmSize: "Standard_DS1_v2", osType: "Linux" }],
        nodeResourceGroup: "MC_rg1_clustername1_location1",
        enableRBAC: false,
    },
});

describe("AKS", () => {
    it("tells of every page's clusters, with API server and host name by tag, however the tag's key is written", async () => {
        const next = "/subscriptions/next";
        const { reading } = await read((url) => ({
            [LIST]: {
                get body() {
                    return {
                        value: [clusterNamed("one", { tier: "production" })],
                        nextLink: `${url()}${next}?$skiptoken=2`,
                    };
                },
            },
            [`GET ${next}`]: {
                body: { value: [clusterNamed("two", { "Sallyport-Hostname": "two-k8s.example.com" })] },
            },
        }));
        const server = "https://dnsprefix1-abcd1234.hcp.eastus.azmk8s.io:443";
        expect(reading).toEqual({
            clusters: [
                { name: "one", server, tags: { tier: "production" } },
                {
                    name: "two",
                    server,
                    tags: { "Sallyport-Hostname": "two-k8s.example.com" },
                    hostname: "two-k8s.example.com",
                },
            ],
            problems: [],
        });
    });

    it("says who may not list clusters", async () => {
        const message = "The client 'ada' does not have authorization to perform action 'managedClusters/read'.";
        const { reading } = await read(() => ({
            [LIST]: { status: 403, body: { error: { code: "AuthorizationFailed", message } } },
        }));
        expect((reading as Error).message).toContain(message);
    });

    it("is asked again where it throttles", async () => {
        const { reading, requests } = await read(() => ({
            [LIST]: [{ status: 429, headers: { "retry-after": "0" } }, { body: { value: [] } }],
        }));
        expect(reading).toEqual({ clusters: [], problems: [] });
        expect(requests).toHaveLength(2);
    });

    it("is left when its time is over", async () => {
        const ending = new AbortController();
        const { reading } = await read(() => ({ [LIST]: { hangs: () => ending.abort() } }), ending.signal);
        expect(reading).toMatchObject({ name: "AbortError" });
    });
});

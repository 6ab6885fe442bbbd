import { beforeEach, describe, expect, it, vi } from "vitest";
import { readGke } from "../../cli/kube/discovery/sources/gke.ts";
import { ClusterSourceKind } from "../../stacks/config/clusterSources.ts";
import { type Recording, standIn } from "./support/standIn.ts";

const LIST = "GET /v1/projects/platform-4711/locations/-/clusters";

/** The metadata server of a Google machine: the end of the chain of application default credentials. */
const METADATA: Recording = {
    "GET /computeMetadata/v1/instance": { headers: { "metadata-flavor": "Google" }, body: {} },
    "GET /computeMetadata/v1/instance/service-accounts/default/token": {
        headers: { "metadata-flavor": "Google" },
        body: { access_token: "ya29.example", expires_in: 3600, token_type: "Bearer" },
    },
};

beforeEach(() => {
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "");
    vi.stubEnv("HOME", "/nonexistent");
});

async function read(recording: Recording, limitMs = 5_000) {
    await using server = await standIn({ ...METADATA, ...recording });
    vi.stubEnv("GCE_METADATA_HOST", new URL(server.url).host);
    const source = {
        ...{ kind: ClusterSourceKind.Gke, project: "platform-4711", location: "-", zone: "example.com" },
        endpoint: server.url,
    };
    const reading = await readGke(source, limitMs).catch((error: unknown) => error as Error);
    return { reading, requests: server.requests };
}

/** A cluster after the schema of `projects.locations.clusters` (container.googleapis.com, v1), with what such an answer has besides. */
const clusterNamed = (name: string, resourceLabels: Readonly<Record<string, string>>) => ({
    name,
    resourceLabels,
    endpoint: "203.0.113.7",
    masterAuth: { clientCertificateConfig: {}, clusterCaCertificate: "LS0tLS1CRUdJTg==" },
    location: "europe-west1",
    locations: ["europe-west1-b", "europe-west1-c"],
    currentMasterVersion: "1.33.5-gke.1308000",
    status: "RUNNING",
    createTime: "2026-01-05T10:00:00+00:00",
    privateClusterConfig: { enablePrivateNodes: true, privateEndpoint: "10.0.0.2" },
});

describe("GKE", () => {
    it("tells of a project's clusters, with API server, authority, and host name by label", async () => {
        const { reading } = await read({
            [LIST]: {
                body: {
                    clusters: [clusterNamed("shop", { "sallyport-hostname": "shop-k8s" }), clusterNamed("lab", {})],
                },
            },
        });
        const common = { server: "https://203.0.113.7", certificateAuthorityData: "LS0tLS1CRUdJTg==" };
        expect(reading).toEqual({
            clusters: [
                {
                    name: "shop",
                    ...common,
                    tags: { "sallyport-hostname": "shop-k8s" },
                    hostname: "shop-k8s.example.com",
                },
                { name: "lab", ...common, tags: {} },
            ],
            problems: [],
        });
    });

    it("tells which zones did not answer beside what is there", async () => {
        const { reading } = await read({ [LIST]: { body: { clusters: [], missingZones: ["europe-west1-d"] } } });
        expect(reading).toEqual({
            clusters: [],
            problems: ["europe-west1-d does not answer: its clusters are missing"],
        });
    });

    it("says who may not list clusters", async () => {
        const message = 'Required "container.clusters.list" permission(s) for "projects/platform-4711".';
        const { reading } = await read({
            [LIST]: { status: 403, body: { error: { code: 403, message, status: "PERMISSION_DENIED" } } },
        });
        expect((reading as Error).message).toContain(message);
    });

    it("is asked again where it throttles", async () => {
        const { reading, requests } = await read({
            [LIST]: [
                { status: 503, body: { error: { code: 503, message: "Unavailable.", status: "UNAVAILABLE" } } },
                { body: { clusters: [] } },
            ],
        });
        expect(reading).toEqual({ clusters: [], problems: [] });
        expect(requests.filter((request) => request.startsWith(LIST))).toHaveLength(2);
    });

    it("is left when its time is over", async () => {
        const { reading } = await read({ [LIST]: { hangs: () => {} } }, 300);
        expect((reading as Error).message).toContain("300 milliseconds");
    });
});

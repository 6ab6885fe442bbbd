import { describe, expect, it, vi } from "vitest";
import { readEks } from "../../cli/kube/discovery/sources/eks.ts";
import { ClusterSourceKind } from "../../stacks/config/clusterSources.ts";
import { certificateAuthority, clusterNamed } from "./support/eksAnswers.ts";
import { type Recording, standIn } from "./support/standIn.ts";

/** What the SDK takes from the environment: credentials, and the endpoint of a stand-in. */
async function read(recording: Recording, signal = new AbortController().signal) {
    await using server = await standIn(recording);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_ENDPOINT_URL_EKS", server.url);
    const source = { kind: ClusterSourceKind.Eks, region: "us-west-2", zone: "example.com" };
    const reading = await readEks(source, signal).catch((error: unknown) => error as Error);
    return { reading, requests: server.requests };
}

const denied = {
    status: 403,
    headers: { "x-amzn-errortype": "AccessDeniedException" },
    body: { message: "User: arn:aws:iam::012345678910:user/ada is not authorized to perform: eks:ListClusters" },
};

describe("EKS", () => {
    it("tells of every page's clusters, with API server, authority, and host name by tag", async () => {
        const { reading, requests } = await read({
            "GET /clusters": { body: { clusters: ["devel"], nextToken: "page/2" } },
            "GET /clusters?nextToken=page%2F2": { body: { clusters: ["prod"] } },
            "GET /clusters/devel": { body: clusterNamed("devel", { team: "payments" }) },
            "GET /clusters/prod": { body: clusterNamed("prod", { "sallyport-hostname": "prod-k8s" }) },
        });
        const endpoint = "https://A0DCCD80A04F01705DD065655C30CC3D.yl4.us-west-2.eks.amazonaws.com";
        const common = { server: endpoint, certificateAuthorityData: certificateAuthority };
        expect(reading).toEqual({
            clusters: [
                { name: "devel", ...common, tags: { team: "payments" } },
                {
                    name: "prod",
                    ...common,
                    tags: { "sallyport-hostname": "prod-k8s" },
                    hostname: "prod-k8s.example.com",
                },
            ],
            problems: [],
        });
        expect(requests.toSorted()).toEqual([
            "GET /clusters",
            "GET /clusters/devel",
            "GET /clusters/prod",
            "GET /clusters?nextToken=page%2F2",
        ]);
    });

    it("says who may not list clusters", async () => {
        const { reading } = await read({ "GET /clusters": denied });
        expect((reading as Error).message).toContain("is not authorized to perform: eks:ListClusters");
    });

    it("tells of the others where one may not be described", async () => {
        const { reading } = await read({
            "GET /clusters": { body: { clusters: ["devel", "prod"] } },
            "GET /clusters/devel": denied,
            "GET /clusters/prod": { body: clusterNamed("prod", {}) },
        });
        expect(reading).toMatchObject({
            clusters: [{ name: "prod" }],
            problems: [expect.stringMatching(/^devel: 403: User: .* is not authorized/)],
        });
    });

    it("is asked again where it throttles", async () => {
        const throttled = {
            status: 429,
            headers: { "x-amzn-errortype": "TooManyRequestsException" },
            body: { message: "Rate exceeded" },
        };
        const { reading, requests } = await read({
            "GET /clusters": [throttled, { body: { clusters: [] } }],
        });
        expect(reading).toEqual({ clusters: [], problems: [] });
        expect(requests).toHaveLength(2);
    });

    it("is left when its time is over", async () => {
        const ending = new AbortController();
        const { reading } = await read({ "GET /clusters": { hangs: () => ending.abort() } }, ending.signal);
        expect(reading).toMatchObject({ name: "AbortError" });
    });
});

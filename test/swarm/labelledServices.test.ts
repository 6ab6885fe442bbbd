import { expect, it } from "vitest";
import { labelledServices, type ServiceListing } from "../../stacks/labelledServices.ts";

/** An engine that answers as Docker's does (Engine API, `GET /services` and `GET /networks`). */
const engine = {
    listServices: async () => [
        {
            ID: "s1",
            CreatedAt: "2026-11-22T08:00:00.123456789Z",
            Spec: {
                Name: "shop_web",
                Labels: { "sallyport.enable": "true", "com.docker.stack.namespace": "shop", password: "planted" },
                TaskTemplate: { Networks: [{ Target: "n1" }, { Target: "by-name" }, { Target: "gone" }] },
            },
        },
        { ID: "s2", CreatedAt: "2026-11-22T09:00:00Z", Spec: { Name: "other", Labels: { "traefik.enable": "true" } } },
        { ID: "s3", CreatedAt: "2026-11-22T09:00:00Z", Spec: { Name: "bare" } },
    ],
    listNetworks: async () => [
        { Id: "n1", Name: "shop_default", Driver: "overlay", Internal: true, Ingress: false },
        { Id: "n2", Name: "by-name", Driver: "overlay" },
    ],
} as unknown as ServiceListing;

it("reads the services that carry labels of ours, with those labels alone and the networks that are there", async () => {
    expect(await labelledServices(engine)).toEqual([
        {
            id: "s1",
            name: "shop_web",
            labels: { "sallyport.enable": "true" },
            networks: [
                { id: "n1", name: "shop_default", driver: "overlay", internal: true, ingress: false },
                { id: "n2", name: "by-name", driver: "overlay", internal: false, ingress: false },
            ],
            createdAt: "2026-11-22T08:00:00.123456789Z",
        },
    ]);
});

import { beforeEach, describe, expect, it, vi } from "vitest";
import { servicesInStack } from "../../stacks/servicesInStack.ts";
import { FakeEngine } from "../docker/support/fakeEngine.ts";
import { OWNER } from "./support/owner.ts";

const swarm = { hostnames: ["*-dev.example.com"], audiences: ["staff"], inStack: true };
const answers = {
    "GET /services": {
        body: [
            {
                ID: "s1",
                CreatedAt: "2026-11-22T08:00:00Z",
                Spec: { Name: "shop_web", Labels: { "sallyport.enable": "true" } },
            },
        ],
    },
    "GET /networks": { body: [] },
};

describe("services that are a part of the stack itself", () => {
    beforeEach(() => {
        vi.stubEnv("DOCKER_HOST", "unix:///none");
    });

    it("are read from the stack's own engine, whatever the environment names, by listings that change nothing", async () => {
        await using engine = await FakeEngine.start(answers);
        const services = await servicesInStack({ ...OWNER.environment, swarm, dockerHost: engine.host });
        expect(services.map(({ name }) => name)).toEqual(["shop_web"]);
        expect(engine.requests.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
            Object.keys(answers).toSorted(),
        );
    });

    it("are none where each has a stack of its own, where labels publish nothing, or without a network", async () => {
        await using engine = await FakeEngine.start(answers);
        const environment = { ...OWNER.environment, dockerHost: engine.host };
        expect(await servicesInStack(environment)).toEqual([]);
        expect(await servicesInStack({ ...environment, swarm: { ...swarm, inStack: false } })).toEqual([]);
        vi.stubEnv("SALLYPORT_OFFLINE", "1");
        expect(await servicesInStack({ ...environment, swarm })).toEqual([]);
        expect(engine.requests).toEqual([]);
    });
});

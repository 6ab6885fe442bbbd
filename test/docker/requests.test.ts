import { describe, expect, it, vi } from "vitest";
import type { PropertyMap } from "../../toolchain/fallback/plugin/provider.ts";
import { FakeEngine } from "./support/fakeEngine.ts";
import { ProviderUnderTest } from "./support/provider.ts";

const program: PropertyMap = {
    name: "web",
    taskSpec: { containerSpec: { image: "web:1", env: { PLAIN: "one" } } },
    mode: { replicated: { replicas: 1 } },
};

/** An engine in which the service `web` runs as soon as it is made, and its rollouts are over as soon as they begin. */
async function engineOfWeb(): Promise<FakeEngine> {
    const engine = await FakeEngine.start({
        "GET /images/web:1/json": { body: { RepoDigests: ["web@sha256:abc"] } },
        "GET /tasks": { body: [] },
    });
    let spec: unknown;
    let updates = 0;
    const live = () => ({
        ID: "id",
        Version: { Index: 7 },
        Spec: spec,
        UpdateStatus: updates > 0 ? { State: "completed", StartedAt: String(updates) } : undefined,
        ServiceStatus: { RunningTasks: 1, DesiredTasks: 1 },
    });
    engine.answer("POST /services/create", ({ body }) => {
        spec = JSON.parse(body);
        return { status: 201, body: { ID: "id" } };
    });
    engine.answer("POST /services/id/update", ({ body }) => {
        spec = JSON.parse(body);
        updates++;
        return { body: {} };
    });
    engine.answer("GET /services", () => ({ body: [live()] }));
    engine.answer("GET /services/id", () => ({ body: live() }));
    return engine;
}

describe("the requests for a service", () => {
    it("carry its specification in the body alone, and the registry's credentials only", async () => {
        await using engine = await engineOfWeb();
        const registryAuth = JSON.stringify([
            { address: "https://index.docker.io/v1/", username: "me", password: "pass" },
        ]);
        const service = new ProviderUnderTest({ host: engine.host, registryAuth }).resource("Service");
        const made = await service.create("web", program);
        const env = { PLAIN: "two" };
        await service.update("web", made, { ...program, taskSpec: { containerSpec: { image: "web:1", env } } });

        const posts = engine.requests.filter(({ method }) => method === "POST");
        expect(posts.map(({ path, query }) => [path, query.toString()])).toEqual([
            ["/services/create", ""],
            ["/services/id/update", "version=7"],
        ]);
        expect(posts.map(({ body }) => JSON.parse(body).TaskTemplate.ContainerSpec.Env)).toEqual([
            ["PLAIN=one"],
            ["PLAIN=two"],
        ]);
        for (const { headers } of posts) {
            const sent = Buffer.from(String(headers["x-registry-auth"]), "base64url").toString();
            expect(JSON.parse(sent)).toEqual({
                username: "me",
                password: "pass",
                serveraddress: "https://index.docker.io/v1/",
            });
        }
    });

    it("wait for its tasks where the program gives convergeConfig, and for nothing without one", async () => {
        await using engine = await engineOfWeb();
        const [TaskTemplate, ServiceStatus] = [{}, { RunningTasks: 0, DesiredTasks: 1 }];
        engine.answer("GET /services", { body: [{ ID: "id", Spec: { Name: "web", TaskTemplate }, ServiceStatus }] });
        engine.answer("DELETE /services/id", { body: {} });
        const service = new ProviderUnderTest({ host: engine.host }).resource("Service");
        const asked = () => engine.requests.filter(({ path }) => path === "/services").length;
        const made = await service.create("web", program);
        await service.update("web", made, { ...program, mode: { replicated: { replicas: 2 } } });
        expect(asked()).toBe(0);
        const patient = { ...program, convergeConfig: { delay: "10ms", timeout: "50ms" } };
        await expect(service.create("web", patient)).rejects.toThrow("after 50ms 0 of 1 tasks run");
        expect(asked()).toBeGreaterThan(1);
    });

    it("pin the digest that the registry names, without a diff afterwards", async () => {
        await using engine = await engineOfWeb();
        engine.answer("GET /distribution/web:1/json", { body: { Descriptor: { digest: "sha256:def" } } });
        const provider = new ProviderUnderTest({ host: engine.host });
        const service = provider.resource("Service");
        const made = await service.create("web", program);
        const [create] = engine.requests.filter(({ path }) => path === "/services/create");
        expect(JSON.parse(create?.body ?? "").TaskTemplate.ContainerSpec.Image).toBe("web:1@sha256:def");
        expect(provider.logged).toEqual([]);
        const refreshed = await service.read("web", made);
        const live = { ...made, outputs: refreshed?.outputs ?? {} };
        expect((await service.diff("web", live, program)).changes).toEqual({});
    });

    it("go on without a registry, with a warning", async () => {
        await using engine = await engineOfWeb();
        const provider = new ProviderUnderTest({ host: engine.host });
        await provider.resource("Service").create("web", program);
        expect(provider.logged).toEqual([
            {
                severity: "warning",
                message: expect.stringContaining("image web:1 could not be accessed on a registry"),
            },
        ]);
    });
});

describe("a preview", () => {
    it("contacts no engine, and a refresh offline says why it cannot", async () => {
        vi.stubEnv("SALLYPORT_OFFLINE", "1");
        const service = new ProviderUnderTest({ host: "unix:///nowhere.sock" }).resource("Service");
        const inputs = await service.checked("web", program);
        const { changes } = await service.diff("web", { id: "id", inputs, outputs: inputs }, program);
        expect(changes).toEqual({});
        await expect(service.read("web", { id: "id", inputs, outputs: { name: "web" } })).rejects.toThrow(
            "SALLYPORT_OFFLINE is 1",
        );
    });

    it("without Docker is no obstacle, an update says what to do", async () => {
        const service = new ProviderUnderTest({ host: "unix:///nowhere.sock" }).resource("Service");
        await expect(service.create("web", program)).rejects.toThrow(
            "Docker does not run: nothing answers at unix:///nowhere.sock",
        );
    });
});

import { expect, it } from "vitest";
import { dockerAt, stopServices } from "../../toolchain/docker/index.ts";
import { FakeEngine } from "./support/fakeEngine.ts";

it("asks for no replicas of each service that has some, and leaves everything else of it as it is", async () => {
    await using engine = await FakeEngine.start({
        "GET /services/web": {
            body: {
                Version: { Index: 7 },
                Spec: { Name: "web", Labels: { a: "1" }, Mode: { Replicated: { Replicas: 2 } } },
            },
        },
        "GET /services/agent": { body: { Version: { Index: 3 }, Spec: { Name: "agent", Mode: { Global: {} } } } },
        "POST /services/web/update": { body: {} },
    });
    const services = ["web", "agent", "gone"].map((id) => ({ id, name: id }));
    await stopServices(dockerAt(engine.host), services);
    const changes = engine.requests.filter(({ method }) => method === "POST");
    expect(changes.map(({ path, query, body }) => [path, query.get("version"), JSON.parse(body)])).toEqual([
        [
            "/services/web/update",
            "7",
            expect.objectContaining({ Name: "web", Labels: { a: "1" }, Mode: { Replicated: { Replicas: 0 } } }),
        ],
    ]);
});

it("fails where the engine does not answer, and not where a service was changed in between", async () => {
    await using engine = await FakeEngine.start({
        "GET /services/web": { body: { Version: { Index: 7 }, Spec: { Mode: { Replicated: { Replicas: 2 } } } } },
        "POST /services/web/update": { status: 500, body: { message: "update out of sequence" } },
    });
    await stopServices(dockerAt(engine.host), [{ id: "web", name: "web" }]);
    await expect(stopServices(dockerAt("unix:///nowhere.sock"), [{ id: "web", name: "web" }])).rejects.toThrow(
        "ENOENT",
    );
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { followEvents } from "../../cli/swarm/watch/dockerEvents.ts";
import { labelledServices } from "../../stacks/labelledServices.ts";
import { dockerAt, STACK_LABEL } from "../../toolchain/docker/index.ts";
import { Workbench } from "../docker/support/workbench.ts";
import { type SocketProxy, startSocketProxy } from "./support/socketProxy.ts";

describe("the socket proxy of the daemon's example", () => {
    let proxy: SocketProxy;
    beforeAll(async () => {
        proxy = await startSocketProxy();
    });
    afterAll(() => proxy[Symbol.asyncDispose]());

    const status = async (method: string, path: string) => {
        const { status: code, body } = await fetch(`${proxy.address.replace("tcp:", "http:")}${path}`, { method });
        await body?.cancel();
        return code;
    };

    it("lets through what the daemon asks of the engine, in every version of the API", async () => {
        const allowed = ["/version", "/v1.41/services", "/networks", "/_ping", "/v1.41/networks"];
        expect(await Promise.all(allowed.map((path) => status("GET", path)))).toEqual(allowed.map(() => 200));
    });

    it("refuses everything else, whatever it is called like, and every change", async () => {
        const hidden = [
            "/containers/json",
            "/secrets",
            "/v1.41/configs",
            "/info",
            "/x/services",
            "/services%2f..%2finfo",
        ];
        const codes = await Promise.all(hidden.map((path) => status("GET", path)));
        expect(codes.filter((code) => code === 200)).toEqual([]);
        const changes = ["POST", "PUT", "PATCH", "DELETE"].map((method) => status(method, "/services/create"));
        expect(await Promise.all(changes)).toEqual([403, 403, 403, 403]);
    });

    it("carries services with their labels, and events as they happen", async () => {
        await using bench = await Workbench.open();
        const { docker, stack } = bench;
        const network = await docker.createNetwork({
            Name: `${stack}-shop`,
            Driver: "overlay",
            Labels: { [STACK_LABEL]: stack },
        });
        const through = dockerAt(proxy.address);
        const stop = new AbortController();
        const changed = Promise.withResolvers<void>();
        let changes = 0;
        const followed = followEvents({
            docker: through,
            signal: stop.signal,
            onStream: () => {},
            onChange: () => {
                changes++;
                // The first one is the stream's opening.
                if (changes === 1) void makeService();
                else changed.resolve();
            },
        });
        const makeService = () =>
            docker.createService({
                Name: `${stack}-web`,
                Labels: { [STACK_LABEL]: stack, "sallyport.enable": "true" },
                TaskTemplate: {
                    ContainerSpec: { Image: "sallyport.test/none:1" },
                    Networks: [{ Target: network.id }],
                },
                Mode: { Replicated: { Replicas: 0 } },
                EndpointSpec: { Mode: "dnsrr" },
            } as never);
        await changed.promise;
        stop.abort();
        await followed;
        const found = (await labelledServices(through)).find(({ name }) => name === `${stack}-web`);
        expect(found).toMatchObject({
            labels: { "sallyport.enable": "true" },
            networks: [{ id: network.id, name: `${stack}-shop`, driver: "overlay" }],
        });
    });
});

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PropertyMap } from "../../toolchain/fallback/plugin/provider.ts";
import { checkFields } from "../../toolchain/fallback/providers/docker/check.ts";
import { adoptState, diffFields } from "../../toolchain/fallback/providers/docker/compare.ts";
import type { Service, ServiceSpec } from "../../toolchain/fallback/providers/docker/dockerSpec.ts";
import { fromService } from "../../toolchain/fallback/providers/docker/service/fromDocker.ts";
import { serviceFields } from "../../toolchain/fallback/providers/docker/service/schema.ts";
import { toServiceSpec } from "../../toolchain/fallback/providers/docker/service/toDocker.ts";
import { objectOf, objectsOf } from "../../toolchain/fallback/providers/docker/values.ts";
import { inputsOf } from "./support/arbitraries.ts";

interface Recorded {
    readonly type: string;
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
}

/** State of the official provider (pulumi-docker 5.2) after it had made these resources in Docker 20.10. */
const recorded: Recorded[] = JSON.parse(readFileSync(new URL("fixtures/official-state.json", import.meta.url), "utf8"));
const official = recorded.find(({ type }) => type === "docker:index/service:Service");

/** A service whose engine has kept the specification word for word. */
function kept(spec: ServiceSpec): Service {
    return { ID: "id", Version: { Index: 1 }, Spec: spec };
}

/** Checked inputs as the engine gives them: with every default. */
const anyService = inputsOf(serviceFields)
    .map((inputs) => ({ ...inputs, ...onlyOneMode(inputs) }))
    .map((inputs) => checkFields(serviceFields, inputs).inputs);

/** A service is either global or has replicas. */
function onlyOneMode({ mode }: PropertyMap): PropertyMap {
    if (typeof mode !== "object" || mode === null || !("global" in mode) || mode.global !== true) return {};
    return { mode: { global: true } };
}

/** A network is named by its id; the deprecated form, by name, comes back as an id. */
function byId(inputs: PropertyMap): PropertyMap {
    const taskSpec = objectOf(inputs.taskSpec);
    const networksAdvanceds = objectsOf(taskSpec.networksAdvanceds).map(
        ({ name: _, ...network }, index): PropertyMap => {
            return { ...network, id: network.id ?? `network-${index}` };
        },
    );
    return { ...inputs, taskSpec: { ...taskSpec, networksAdvanceds } };
}

describe("the mapping of a service", () => {
    it("gives back what went in: a service that Docker keeps as it was asked for has no diff", () => {
        fc.assert(
            fc.property(anyService.map(byId), (inputs) => {
                const outputs = fromService(kept(toServiceSpec(inputs)), inputs);
                expect(diffFields(serviceFields, { oldOutputs: outputs, inputs }).changes).toEqual({});
                expect(adoptState(serviceFields, inputs, outputs)).toEqual(inputs);
            }),
        );
    });

    it("asks Docker for the same after an import as before it", () => {
        fc.assert(
            fc.property(anyService.map(byId), (inputs) => {
                const spec = toServiceSpec(inputs);
                const { auth, convergeConfig, ...known } = inputs;
                const outputs = fromService(kept(spec), {});
                const imported = adoptState(serviceFields, {}, outputs);
                expect(diffFields(serviceFields, { oldOutputs: outputs, inputs: imported }).changes).toEqual({});
                const again = fromService(kept(toServiceSpec(imported)), {});
                expect(diffFields(serviceFields, { oldOutputs: again, inputs: known }).changes).toEqual({});
            }),
        );
    });

    it("makes the official provider's state out of the official provider's inputs", () => {
        const { inputs = {}, outputs = {} } = official ?? {};
        const { id, ...state } = outputs;
        const spec = toServiceSpec(inputs);
        // What the engine fills in by itself.
        spec.TaskTemplate.RestartPolicy = { Condition: "any", MaxAttempts: 0 };
        const made = fromService(kept(spec), inputs) as PropertyMap & {
            taskSpec: { networksAdvanceds: PropertyMap[] };
        };
        const [network] = made.taskSpec.networksAdvanceds;
        expect(network).toEqual({ aliases: [], driverOpts: [], id: "i88b1zer4lxz64ibllohxp5gz", name: "" });
        made.taskSpec.networksAdvanceds = [{ aliases: [], driverOpts: [], id: "", name: "i88b1zer4lxz64ibllohxp5gz" }];
        expect(made).toEqual(state);
    });

    it("finds no diff in the official provider's own state", () => {
        const { inputs = {}, outputs = {} } = official ?? {};
        expect(diffFields(serviceFields, { oldOutputs: outputs, inputs }).changes).toEqual({});
    });

    it("takes the digest that was looked up for a tag for no drift, and another image for one", () => {
        const inputs = { taskSpec: { containerSpec: { image: "nginx:1.27" } } };
        const spec = toServiceSpec(inputs);
        const read = (image: string) => {
            spec.TaskTemplate.ContainerSpec.Image = image;
            return diffFields(serviceFields, {
                oldOutputs: fromService(kept(spec), inputs),
                inputs: { ...inputs, name: "" },
            });
        };
        expect(read(`nginx:1.27@sha256:${"0".repeat(64)}`).changes).toEqual({});
        expect(Object.keys(read("nginx:1.28").changes)).toEqual(["taskSpec.containerSpec.image"]);
    });

    it("sends no grace period where the program names none, and reads the permission bits of a tmpfs only", () => {
        const mounts = [{ type: "tmpfs", target: "/tmp", tmpfsOptions: { mode: 0o1777 } }];
        const spec = toServiceSpec({ taskSpec: { containerSpec: { image: "a", mounts } } });
        expect(spec.TaskTemplate.ContainerSpec.StopGracePeriod).toBe(0);
        const { taskSpec } = fromService(kept(spec), {});
        expect(taskSpec).toMatchObject({ containerSpec: { mounts: [{ tmpfsOptions: { mode: 511 } }] } });
    });
});

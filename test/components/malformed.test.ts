import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import table from "../../components/arguments.json" with { type: "json" };
import * as library from "../../components/index.ts";
import { deploy } from "../support/mocks.ts";
import { everyWayToLeaveOut, everyWayToSpoil, type Spoilt, type Step } from "../support/spoilt.ts";
import { EXAMPLES, type Example } from "./support/completeArguments.ts";

type Shape = Readonly<Record<string, string>>;
const SHAPES: { components: Readonly<Record<string, Shape>>; types: Readonly<Record<string, Shape>> } = table;

const COMPONENTS = new Map<string, unknown>(Object.entries(library));

/** Every argument as the table names it, by its way there: `AccessAudience.require?.posture?.anyOf`. */
function argumentsOf(way: string, shape: Shape): string[] {
    return Object.entries(shape).flatMap(([key, type]) => [
        `${way}.${key}`,
        ...argumentsOf(`${way}.${key}`, SHAPES.types[type.replace(/\[\]$/, "")] ?? {}),
    ]);
}

/** The way to what lies at `steps`, as the table names it. */
function wayTo(way: string, shape: Shape, [step, ...rest]: readonly Step[]): string {
    if (step === undefined) return way;
    if (typeof step === "number") return wayTo(way, shape, rest);
    const key = Object.keys(shape).find((one) => one.replace("?", "") === step) ?? "";
    return wayTo(`${way}.${key}`, SHAPES.types[shape[key]?.replace(/\[\]$/, "") ?? ""] ?? {}, rest);
}

/** Of the tunnel that an example takes over. */
const token = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "c2VjcmV0" })).toString("base64");

const wayIn = ({ component }: Example, steps: readonly Step[]) =>
    wayTo(component, SHAPES.components[component] ?? {}, steps);

/** Tries to make each component, and tells of each that was not refused at the path that is wrong. */
async function notRefused(all: readonly (Spoilt & Example)[]) {
    const { result = [], resources } = await deploy(() =>
        all
            .map((one) => ({ ...one, paths: refusedPaths(one.component, one.config) }))
            .filter(({ path, paths }) => !paths.includes(path))
            .map(({ component, path, what, paths }) => `${component} ${path} ${what}: ${paths}`),
    );
    return { notRefused: result, resources };
}

function refusedPaths(component: Example["component"], args: object): string[] {
    const Component = COMPONENTS.get(component) as new (name: string, args: object) => pulumi.ComponentResource;
    try {
        new Component("example", args);
        return [];
    } catch (error) {
        if (!pulumi.InputPropertiesError.isInstance(error)) throw error;
        return error.errors.map(({ propertyPath }) => propertyPath);
    }
}

describe("malformed arguments", () => {
    it("are made out of right ones, which name every argument of every component", async () => {
        const { result, error } = await deploy(
            () => EXAMPLES.map(({ component, args }) => refusedPaths(component, args)),
            {
                calls: {
                    "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken": { token },
                },
                state: { "example-tunnel": { remoteConfig: true } },
            },
        );
        expect(error).toBeUndefined();
        expect(result?.flat()).toEqual([]);
        const named = new Set(
            EXAMPLES.flatMap((example) =>
                everyWayToLeaveOut(example.args, () => true).map(({ steps }) => wayIn(example, steps)),
            ),
        );
        const declared = Object.entries(SHAPES.components).flatMap(([name, shape]) => argumentsOf(name, shape));
        expect(declared.filter((way) => !named.has(way))).toEqual([]);
    });

    it("are refused at the path of the value, whatever is wrong with it, and nothing is registered", async () => {
        const all = EXAMPLES.flatMap((example) =>
            everyWayToSpoil(example.args).map((spoilt) => ({ ...example, ...spoilt })),
        );
        expect(all.length).toBeGreaterThan(150);
        expect(await notRefused(all)).toEqual({ notRefused: [], resources: [] });
    });

    it("are refused where there are none", async () => {
        for (const none of [undefined, null, "x", []]) {
            const nothing = { path: "args", steps: [], what: "none", config: none as unknown as object };
            expect(await notRefused([{ component: "MkcertCA", args: {}, ...nothing }])).toMatchObject({
                notRefused: [],
            });
        }
    });

    it("are refused where one is missing", async () => {
        const all = EXAMPLES.flatMap((example) =>
            everyWayToLeaveOut(
                example.args,
                (steps) => /\w$/.test(wayIn(example, steps)) && typeof steps.at(-1) === "string",
            ).map((spoilt) => ({ ...example, ...spoilt })),
        );
        expect(all.length).toBeGreaterThan(50);
        expect(await notRefused(all)).toEqual({ notRefused: [], resources: [] });
    });
});

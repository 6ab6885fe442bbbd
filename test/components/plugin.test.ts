import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import packageJson from "../../components/package.json" with { type: "json" };
import { ComponentProvider } from "../../components/plugin/componentProvider.ts";
import schema from "../../components/schema.json" with { type: "json" };
import projectJson from "../../package.json" with { type: "json" };
import { deploy, problemsOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";
import { COMPONENTS } from "./support/analyzed.ts";
import { EXAMPLES } from "./support/completeArguments.ts";

const resources: Readonly<Record<string, { properties: object }>> = schema.resources;
const tokenOf = (component: string) => `sallyport:index:${component}`;

/** Of the tunnel that an example takes over. */
const token = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "c2VjcmV0" })).toString("base64");

const ONE_OF_EACH = [...new Map(EXAMPLES.map((example) => [example.component, example])).values()];

/** Packages that the sources of the library import. */
function importedPackages(): string[] {
    const sources = readdirSync(COMPONENTS, { recursive: true, encoding: "utf8" }).filter((file) =>
        file.endsWith(".ts"),
    );
    const specifiers = sources.flatMap((file) =>
        [...readFileSync(join(COMPONENTS, file), "utf8").matchAll(/^(?:import .*|\} )from "([^".][^"]*)"/gm)].map(
            ([, specifier = ""]) => specifier,
        ),
    );
    const packages = specifiers
        .filter((specifier) => !isBuiltin(specifier))
        .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    return [...new Set(packages)].toSorted();
}

describe("the plugin for other Pulumi languages", () => {
    const provider = new ComponentProvider();

    it("tells the committed schema, in the version of the project", async () => {
        expect(JSON.parse(await provider.getSchema())).toEqual({ ...schema, version: projectJson.version });
    });

    it("makes every component, with every output that the schema names", async () => {
        const { result, error } = await deploy(
            () => ONE_OF_EACH.map(({ component, args }) => provider.construct("example", tokenOf(component), args, {})),
            {
                calls: {
                    "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken": { token },
                },
                state: { "example-tunnel": { remoteConfig: true } },
            },
        );
        expect(error).toBeUndefined();
        const states = (await Promise.all(result ?? [])).map(({ state }) => state);
        const missing = ONE_OF_EACH.flatMap(({ component }, index) =>
            Object.keys(resources[tokenOf(component)]?.properties ?? {})
                .filter((output) => states[index]?.[output] === undefined)
                .map((output) => `${component}.${output}`),
        );
        expect(missing).toEqual([]);
        expect(ONE_OF_EACH.map(({ component }) => tokenOf(component)).toSorted()).toEqual(
            Object.keys(resources).toSorted(),
        );
    });

    it("keeps secret what its documentation calls secret, which the schema leaves to the values", async () => {
        const { result } = await deploy(() =>
            provider.construct("edge", tokenOf("NamedTunnel"), { accountId: ACCOUNT }, {}),
        );
        const state = (await result)?.state ?? {};
        const outputs = Object.entries(schema.resources["sallyport:index:NamedTunnel"].properties);
        const called = outputs.filter(([, { description }]) => description.startsWith("Secret")).map(([name]) => name);
        const kept: string[] = [];
        for (const [name] of outputs) {
            if (await pulumi.isSecret(pulumi.output(state[name]))) kept.push(name);
        }
        expect({ called, kept }).toEqual({ called: ["credentials"], kept: ["credentials"] });
        expect(outputs.filter(([, output]) => "secret" in output)).toEqual([]);
    });

    it("puts what a component is made of below it, with the options of the program", async () => {
        const { resource } = await deploy(() =>
            provider.construct("edge", tokenOf("NamedTunnel"), { accountId: ACCOUNT }, { aliases: [{ name: "old" }] }),
        );
        const component = resource(tokenOf("NamedTunnel"), "edge");
        expect(component.aliases).toMatchObject([{ name: "old" }]);
        expect(resource(Token.Tunnel, "edge-tunnel").parent).toBe(component.urn);
    });

    it("tells every mistake by its path, as the library does, and makes nothing", async () => {
        const args = { accountId: "mine", tunelName: "edge" };
        const { result, resources: made } = await deploy(() =>
            provider.construct("edge", tokenOf("NamedTunnel"), args, {}).catch(problemsOf),
        );
        expect(Object.keys((await result) ?? {})).toEqual(["tunelName"]);
        expect(made).toEqual([]);
    });

    it("names what it has where a program asks for something else", async () => {
        await expect(provider.construct("x", tokenOf("Tunnel"), {}, {})).rejects.toThrow(
            /^sallyport:index:Tunnel is not in this package\. Write one of .*sallyport:index:NamedTunnel, /,
        );
    });

    it("brings the packages that the library imports, in the versions of the project", () => {
        expect(Object.keys(packageJson.dependencies).toSorted()).toEqual(importedPackages());
        expect(projectJson.dependencies).toMatchObject(packageJson.dependencies);
    });
});

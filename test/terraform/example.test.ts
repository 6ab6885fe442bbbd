import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { deploy, promiseOf, type RegisteredResource } from "../support/mocks.ts";

/** HashiCorp's own parser, as WebAssembly. Its types would bring the browser's into the whole project, which names other keys than Node's. */
const { parse: parseHcl } = createRequire(import.meta.url)("@cdktn/hcl2json") as {
    parse(file: string, text: string): Promise<unknown>;
};

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const ZONE = "fedcba9876543210fedcba9876543210";

/** The stack that the example says in Terraform's words. */
const STACK = {
    accountId: ACCOUNT,
    zone: "example.com",
    zoneId: ZONE,
    team: "example",
    audiences: { staff: { emailDomains: ["example.com"] }, robots: { serviceTokens: ["ci"] } },
    apps: [
        {
            name: "wiki",
            hostname: "wiki-staging.example.com",
            service: "tcp://wiki:3000",
            audience: ["staff", "robots"],
        },
    ],
};

type Values = Record<string, unknown>;

/** Where Pulumi's bridge has given a list a name in the plural, or a name other words than Terraform has. */
const RENAMED: Readonly<Record<string, string>> = { includes: "include", ingresses: "ingress", aud_tags: "aud_tag" };

function terraformName(name: string): string {
    const snake = name
        .replaceAll(/([a-z])([A-Z0-9])/g, "$1_$2")
        .replaceAll(/(\d)([A-Z])/g, "$1_$2")
        .toLowerCase();
    return RENAMED[snake] ?? snake;
}

function inTerraform(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(inTerraform);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [terraformName(name), inTerraform(inner)]));
}

/** `cloudflare:index/dnsRecord:DnsRecord` is Terraform's `cloudflare_dns_record`. */
const typeOf = ({ type }: RegisteredResource) => `cloudflare_${terraformName(type.split(/[/:]/)[2] ?? "")}`;

/** What distinguishes one resource of a type from another. */
const nameOf = (values: Values) => String(values.name ?? "");

async function deployed() {
    const environment = parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", projectDir, values: STACK });
    const { resources, result, error } = await deploy(() => deployStack(environment));
    if (error !== undefined) throw error;
    const { hostnames } = result as unknown as { hostnames: { aud: pulumi.Output<string> }[] };
    const aud = await promiseOf(hostnames[0]?.aud as pulumi.Output<string>);
    return { resources: resources.filter(({ type }) => type.startsWith("cloudflare:index/")), aud };
}

async function example() {
    const text = readFileSync(join(projectDir, "examples", "terraform", "main.tf"), "utf8");
    return (await parseHcl("main.tf", text)) as {
        provider: { cloudflare: Values[] };
        variable: Record<string, Values[]>;
        resource: Record<string, Record<string, Values[]>>;
    };
}

describe("the Terraform example", () => {
    it("declares what the stack of the same app deploys, resource by resource and value by value", async () => {
        const [{ resource }, { resources, aud }] = await Promise.all([example(), deployed()]);
        const { random_password: _, ...ours } = resource;
        const written = Object.entries(ours).flatMap(([type, named]) =>
            Object.entries(named).map(([label, [values = {}]]) => ({ type, address: `${type}.${label}`, values })),
        );
        const declared = resources.map((one) => ({
            type: typeOf(one),
            values: inTerraform(one.inputs) as Values,
            id: one.id,
        }));
        const twinOf = ({ type, values }: (typeof written)[number]) =>
            declared.find((other) => other.type === type && nameOf(other.values) === nameOf(values));

        // A reference of Terraform's means what the twin of the resource that it names has.
        const known = new Map([
            ["var.account_id", ACCOUNT],
            ["var.zone_id", ZONE],
            ["cloudflare_zero_trust_access_application.wiki.aud", aud],
            ...written.map((one) => [`${one.address}.id`, twinOf(one)?.id ?? `no twin of ${one.address}`] as const),
        ]);
        const resolved = (value: unknown): unknown => {
            if (typeof value === "string")
                return value.replaceAll(/\$\{([^}]+)\}/g, (whole, at) => known.get(at) ?? whole);
            if (Array.isArray(value)) return value.map(resolved);
            if (typeof value !== "object" || value === null) return value;
            return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
        };

        const comparable = (type: string, { depends_on: _, tunnel_secret: secret, ...values }: Values) => ({
            type,
            ...values,
            ...(secret === undefined ? {} : { hasSecret: true }),
        });
        const sorted = (list: Values[]) =>
            list.toSorted((a, b) => (JSON.stringify([a.type, a.name]) < JSON.stringify([b.type, b.name]) ? -1 : 1));
        expect(sorted(written.map(({ type, values }) => comparable(type, resolved(values) as Values)))).toEqual(
            sorted(declared.map(({ type, values }) => comparable(type, values))),
        );
        expect(written).toHaveLength(7);
    });

    it("asks the API that it is told, with a token that it does not show, and makes the tunnel's secret itself", async () => {
        const { provider, variable, resource } = await example();
        expect(provider.cloudflare).toEqual([{ api_token: `\${var.api_token}`, base_url: `\${var.base_url}` }]);
        expect(variable.api_token).toMatchObject([{ sensitive: true }]);
        expect(variable.base_url).toMatchObject([{ default: null }]);
        const tunnel = resource.cloudflare_zero_trust_tunnel_cloudflared?.staging;
        expect(tunnel).toMatchObject([{ tunnel_secret: `\${base64encode(random_password.tunnel.result)}` }]);
        expect(resource.random_password?.tunnel).toEqual([{ length: 64, special: false }]);
    });

    it("publishes the name last, once the rule that guards it is there", async () => {
        const { resource } = await example();
        expect(resource.cloudflare_dns_record?.wiki).toMatchObject([
            { depends_on: [`\${cloudflare_zero_trust_tunnel_cloudflared_config.staging}`] },
        ]);
    });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectDir } from "../../cli/project.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { federationOf } from "../../stacks/config/federation/issues.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { CERTIFICATE, Token } from "../components/fixtures.ts";
import { twoSites } from "../interconnect/support/federations.ts";
import { audienceTag, deploy, promiseOf } from "../support/mocks.ts";

const values = {
    accountId: "a".repeat(32),
    zone: "example.com",
    zoneId: "b".repeat(32),
    team: "example",
    audiences: {},
};
const LINK = { from: "wiki", to: "mail", hostname: "wiki-mail.example.com" };

/** The part of site A: its directory over mutual TLS, and a link to its mail. */
function partOfA() {
    const federation = twoSites();
    Object.assign(federation.sites[1] ?? {}, { egress: ["2001:db8:b::2"] });
    federation.intentions.push({ from: "wiki", to: "mail" });
    return {
        ...federation,
        site: "a",
        mutualTls: { ldap: { upstream: "127.0.0.1:389" } },
        trustBundles: { forge: CERTIFICATE },
        links: [LINK],
    };
}

function parsed(federation: object, others: object = {}) {
    const raw = { stack: "staging", file: "Pulumi.staging.yaml", projectDir };
    return parseEnvironment({ ...raw, values: { ...values, ...others, federation } });
}

function issuesOf(federation: object, others: object = {}): Record<string, string> {
    try {
        parsed(federation, others);
        return {};
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return Object.fromEntries(error.issues.map(({ path, reason }) => [path, reason]));
    }
}

describe("the federation of a stack file", () => {
    it("has its own site's services over mutual TLS, and links behind Access in the stack's tunnel", async () => {
        const environment = parsed(partOfA());
        const { result, error, resources, inputsOf } = await deploy(() => deployStack(environment));
        expect(error).toBeUndefined();
        const made = resources.filter(({ type }) => /SiteAuthority|MutualTlsService|TunnelLink/.test(type));
        expect(made.map(({ type, name }) => `${type.split(":")[2]} ${name}`).toSorted()).toEqual([
            "MutualTlsService ldap",
            "SiteAuthority a-authority",
            "TunnelLink wiki-mail",
        ]);
        const { config } = inputsOf(Token.TunnelConfig, "ingress-config") as {
            config: { ingresses: { hostname?: string; service: string; originRequest?: { access: object } }[] };
        };
        expect(config.ingresses[0]).toMatchObject({
            hostname: LINK.hostname,
            service: "tcp://mail.service.consul:993",
            originRequest: { access: { required: true, audTags: [audienceTag("wiki-mail-app-application")] } },
        });
        const { trustBundles, services } = result?.federation ?? {};
        if (trustBundles === undefined) throw new Error("no federation");
        expect(Object.keys(await promiseOf(trustBundles))).toEqual(["ldap", "mail"]);
        expect(await pulumi.isSecret(trustBundles)).toBe(false);
        expect(Object.keys(services ?? {})).toEqual(["ldap"]);
    });

    it("is nothing where there is none", async () => {
        const { result } = await deploy(() =>
            deployStack(parseEnvironment({ stack: "staging", file: "", projectDir, values })),
        );
        expect(result).not.toHaveProperty("federation");
    });

    it.each([
        ["site", "not a site", { site: "c" }],
        ["name", "is not a name", { name: "" }],
        ["mutualTls.forge", "not a service of the stack's own site", { mutualTls: { forge: {} } }],
        ["mutualTls.ldap.upstream", "is not on loopback", { mutualTls: { ldap: { upstream: "10.0.0.1:389" } } }],
        ["trustBundles.ldap", "not a service of another site", { trustBundles: { ldap: CERTIFICATE } }],
        ["trustBundles.forge", "is not a PEM certificate", { trustBundles: { forge: "x" } }],
        ["links[0].to", "no intention lets", { links: [{ ...LINK, from: "forge" }] }],
        ["links[0].to", "not of the stack's own site", { site: "b", mutualTls: {}, trustBundles: {} }],
        ["links[0].hostname", "example.com", { links: [{ ...LINK, hostname: "mail.example.org" }] }],
        ["links[1].hostname", "federation.links[0]", { links: [LINK, LINK] }],
        [
            "services[0].protocol",
            "is unknown",
            { services: [{ name: "ldap", site: "a", nodes: ["a1"], protocol: "udp" }] },
        ],
    ])("is refused at %s: %s", (path, reason, changes) => {
        expect(issuesOf({ ...partOfA(), ...changes })[`sallyport:federation.${path}`]).toContain(reason);
    });

    it("shares no host name with an app", () => {
        const apps = [{ name: "mail", hostname: LINK.hostname, service: "http://mail:80", audience: ["staff"] }];
        const others = { apps, audiences: { staff: { emailDomains: ["example.com"] } } };
        expect(issuesOf(partOfA(), others)["sallyport:federation.links[0].hostname"]).toContain("apps[0]");
    });

    it("is in the example's two stacks the same agreement, right as it stands", () => {
        const [a, b] = ["a", "b"].map((site) => {
            const file = join(projectDir, `examples/federation/Pulumi.site-${site}.yaml`);
            const { config } = parse(readFileSync(file, "utf8"));
            const own = Object.entries(config).map(([key, value]) => [key.replace("sallyport:", ""), value]);
            return parseEnvironment({ stack: `site-${site}`, file, projectDir, values: Object.fromEntries(own) })
                .federation;
        });
        if (a === undefined || b === undefined) throw new Error("no federation");
        expect(federationOf(a)).toEqual(federationOf(b));
    });

    it("tells a node's missing way out at the node", () => {
        const federation = partOfA();
        Object.assign(federation.sites[1] ?? {}, { egress: undefined });
        expect(issuesOf(federation)["sallyport:federation.sites[1].nodes[0].address"]).toContain('"egress"');
    });
});

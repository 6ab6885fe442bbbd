import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { clusterCatalogue } from "../../stacks/clusters/catalogueSchema.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { labelRulesOf } from "../../stacks/config/swarm.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { CERTIFICATE, Token } from "../components/fixtures.ts";
import { deploy, promiseOf } from "../support/mocks.ts";

const values = {
    accountId: "a".repeat(32),
    zone: "example.com",
    zoneId: "b".repeat(32),
    team: "example",
    identityProviders: {
        okta: { kind: "okta", account: "https://example.okta.com", clientId: "c", clientSecret: "s" },
    },
    audiences: {
        operators: { emails: ["ada@example.com"], groups: [{ provider: "okta", oktaGroup: "Operators" }] },
        everybody: { emailDomains: ["example.com"] },
    },
};
const payments = {
    name: "payments-eu",
    hostname: "payments-eu.example.com",
    server: "https://10.0.0.5:6443",
    certificateAuthority: CERTIFICATE,
    audience: ["operators"],
};

function parsed(clusters: unknown[], others: object = {}, stack = "staging") {
    const raw = { stack, file: "Pulumi.staging.yaml", projectDir, secretsAreEncrypted: true };
    return parseEnvironment({ ...raw, values: { ...values, ...others, clusters } });
}

function issuesOf(clusters: unknown[], others: object = {}, stack?: string): Record<string, string> {
    try {
        parsed(clusters, others, stack);
        return {};
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return Object.fromEntries(error.issues.map(({ path, reason }) => [path, reason]));
    }
}

describe("a cluster of a stack file", () => {
    it("has a tunnel and an application of its own, and stands in the catalogue that the stack exports", async () => {
        const environment = parsed([payments, { ...payments, name: "lab", hostname: "lab.example.com" }]);
        const { result, error, resources, inputsOf } = await deploy(() => deployStack(environment));
        expect(error).toBeUndefined();
        const names = resources.filter(({ type }) => type === Token.Tunnel).map(({ inputs }) => inputs.name);
        expect(names).toEqual(["sallyport-staging", "sallyport-staging-payments-eu", "sallyport-staging-lab"]);
        expect(inputsOf(Token.AccessApplication, "lab-application")).toMatchObject({
            name: "staging-lab",
            domain: "lab.example.com",
        });
        const { clusters } = result as unknown as { clusters: Catalogue };
        const entries = await Promise.all(clusters.clusters.map(promiseOf));
        expect(clusterCatalogue.parse({ ...clusters, clusters: entries }).clusters.map(({ name }) => name)).toEqual([
            "payments-eu",
            "lab",
        ]);
    });

    it("is deployed to with the context that it names, and no other", async () => {
        const connector = { kind: "deployment", context: "payments-eu-admin" };
        const environment = parsed([{ ...payments, connector }]);
        const { inputsOf, resources } = await deploy(() => deployStack(environment));
        expect(inputsOf("pulumi:providers:kubernetes", "kubernetes-payments-eu-admin").context).toBe(
            "payments-eu-admin",
        );
        expect(resources.map(({ type }) => type)).toContain("kubernetes:apps/v1:Deployment");
        expect(issuesOf([{ ...payments, connector: { kind: "deployment" } }])).toEqual({
            "sallyport:clusters[0].connector.context":
                "is missing. Write the context of your kubeconfig that leads to this very cluster.",
        });
    });

    it("binds roles to the groups and people of an audience by the names that their provider gives", async () => {
        const grants = [{ audience: "operators", clusterRole: "view" }];
        const oidc = { issuer: "https://example.okta.com", clientId: "kubernetes" };
        const environment = parsed([
            { ...payments, oidc, grants, connector: { kind: "deployment", context: "admin" } },
        ]);
        const { inputsOf } = await deploy(() => deployStack(environment));
        const binding = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding";
        expect(inputsOf(binding, "payments-eu-view").subjects).toMatchObject([
            { kind: "Group", name: "oidc:Operators" },
            { kind: "User", name: "oidc:ada@example.com" },
        ]);
    });

    it("keeps its host name from the labels of Swarm services", () => {
        const swarm = { audiences: ["operators"], hostnames: ["*.example.com"], inStack: false };
        const { zone, apps, clusters, audiences } = parsed([payments]);
        expect(labelRulesOf(swarm, { zone: zone.name, apps, clusters, audiences }).reservedHostnames).toEqual([
            "payments-eu.example.com",
        ]);
    });

    it.each<[string, unknown[], object, Record<string, RegExp>]>([
        [
            "a name or a host name of another",
            [payments, payments],
            {
                apps: [{ name: "app", hostname: payments.hostname, service: "http://app:80", audience: ["operators"] }],
            },
            {
                "[0].hostname": /is that of apps\[0\] already/,
                "[1].name": /is that of clusters\[0\] already/,
                "[1].hostname": /is that of apps\[0\] already/,
            },
        ],
        [
            "a host name outside the zone",
            [{ ...payments, hostname: "a.b.example.org" }],
            {},
            { "[0].hostname": /example\.com/ },
        ],
        ["nobody", [{ ...payments, audience: [] }], {}, { "[0].audience": /nobody could enter/ }],
        [
            "people who are not declared",
            [{ ...payments, audience: ["staff"] }],
            {},
            { "[0].audience[0]": /is not declared/ },
        ],
        [
            "a name without addresses",
            [{ ...payments, server: "https://kubernetes.default.svc" }],
            {},
            { "[0].apiServerRanges": /names no address/ },
        ],
        [
            "grants to people who do not pass Access, or whom Kubernetes cannot name",
            [
                {
                    ...payments,
                    audience: ["everybody"],
                    grants: [
                        { audience: "operators", clusterRole: "view" },
                        { audience: "everybody", clusterRole: "view" },
                    ],
                },
            ],
            {},
            { "[0].grants[0].audience": /does not pass Access/, "[0].grants[1].audience": /neither groups nor e-mail/ },
        ],
        [
            "a context without a deployment",
            [{ ...payments, connector: { kind: "manifests", context: "admin" } }],
            {},
            { "[0].connector.context": /deploys nothing/ },
        ],
    ])("is refused with %s", (_, clusters, others, expected) => {
        const issues = issuesOf(clusters, others);
        expect(Object.keys(issues).toSorted()).toEqual(
            Object.keys(expected)
                .map((path) => `sallyport:clusters${path}`)
                .toSorted(),
        );
        for (const [path, reason] of Object.entries(expected))
            expect(issues[`sallyport:clusters${path}`]).toMatch(reason);
    });

    it("is refused in the local stack, whose edge no cluster reaches", () => {
        expect(issuesOf([payments], {}, "local")["sallyport:clusters"]).toMatch(/Move the clusters to another stack/);
    });
});

interface Catalogue {
    clusters: Parameters<typeof promiseOf>[0][];
}

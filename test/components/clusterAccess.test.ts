import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { ClusterAccess, type ClusterAccessArgs } from "../../components/index.ts";
import { clusterCatalogue } from "../../stacks/clusters/catalogueSchema.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, CERTIFICATE, Token, ZONE } from "./fixtures.ts";

const args: ClusterAccessArgs = {
    accountId: ACCOUNT,
    zoneId: ZONE,
    team: "team",
    hostname: "payments-eu.example.com",
    server: "https://10.0.0.5:6443",
    caPem: CERTIFICATE,
    policyIds: ["policy-1"],
    audience: ["operators"],
};

const oidc = { issuer: "https://id.example.com/realms/staff", clientId: "kubernetes" };

/** What nobody but a connector may see, from the manifest of the Secret: its file in base64, and the tunnel's secret in it. */
function secretsIn({ data }: Record<string, unknown>): string[] {
    const file = (data as Record<string, string>)["credentials.json"] ?? "";
    return [file, JSON.parse(Buffer.from(file, "base64").toString()).TunnelSecret];
}

/** The type token of a kind that Kubernetes has. */
const kubernetes = (versionAndKind: string) => `kubernetes:${versionAndKind}`;

async function made(changes: Partial<ClusterAccessArgs> = {}) {
    const deployment = await deploy(() => new ClusterAccess("payments-eu", { ...args, ...changes }));
    expect(deployment.error).toBeUndefined();
    const ofKubernetes = deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    return { ...deployment, ofKubernetes, access: deployment.result as ClusterAccess };
}

/** The pods' own part of the Deployment. */
async function podOf(changes: Partial<ClusterAccessArgs> = {}) {
    const { inputsOf } = await made(changes);
    const { spec } = inputsOf(kubernetes("apps/v1:Deployment"), "payments-eu-connectors") as never as {
        spec: { replicas: number; template: { spec: Pod } };
    };
    return { replicas: spec.replicas, pod: spec.template.spec, container: spec.template.spec.containers[0] };
}

interface Pod {
    automountServiceAccountToken: boolean;
    hostNetwork?: boolean;
    securityContext: object;
    containers: [{ args: string[]; env: { name: string; value: string }[]; ports?: object; securityContext: object }];
    volumes: { name: string; secret?: { secretName: string; defaultMode: number }; configMap?: { name: string } }[];
}

describe("ClusterAccess", () => {
    it("leads one host name to the one API server, behind an application of its own whose token the connector demands", async () => {
        const { inputsOf, resource, access } = await made();
        const aud = await promiseOf(access.audience);
        expect(inputsOf(Token.AccessApplication, "payments-eu-application")).toMatchObject({
            domain: "payments-eu.example.com",
            policies: [{ id: "policy-1", precedence: 1 }],
            sessionDuration: "8h",
        });
        const { type } = resource(
            "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
            "payments-eu-ingress-config",
        );
        expect(inputsOf(type, "payments-eu-ingress-config")).toMatchObject({
            config: {
                ingresses: [
                    {
                        hostname: "payments-eu.example.com",
                        service: "tcp://10.0.0.5:6443",
                        originRequest: {
                            proxyType: "socks",
                            access: { required: true, teamName: "team", audTags: [aud] },
                        },
                    },
                    { service: "http_status:404" },
                ],
            },
        });
    });

    it("says in the catalogue what a laptop must know, and nothing secret", async () => {
        const { access } = await made({ clusterName: "payments", tags: { region: "eu-west-1" }, oidc });
        const entry = await promiseOf(access.catalogueEntry);
        expect(clusterCatalogue.parse({ version: 1, clusters: [entry] }).clusters).toEqual([
            {
                name: "payments",
                hostname: "payments-eu.example.com",
                aud: await promiseOf(access.audience),
                team: "team",
                server: "https://10.0.0.5:6443",
                certificateAuthorityData: Buffer.from(CERTIFICATE).toString("base64"),
                mode: "socks",
                audience: ["operators"],
                policyIds: ["policy-1"],
                tags: { region: "eu-west-1" },
                kubernetesAuth: { oidc },
            },
        ]);
        expect(await pulumi.isSecret(access.catalogueEntry)).toBe(false);
    });
});

describe("connectors in the cluster", () => {
    it("are two, with nothing that listens outside a pod and no right in it", async () => {
        const { ofKubernetes } = await made();
        expect(ofKubernetes.map(({ type }) => type.split(":")[2]).toSorted()).toEqual([
            ...["Deployment", "Namespace", "NetworkPolicy", "PodDisruptionBudget", "Secret"],
        ]);
        const { replicas, pod, container } = await podOf();
        expect(replicas).toBe(2);
        expect(pod).toMatchObject({
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
        });
        expect(pod.hostNetwork).toBeUndefined();
        expect(container.ports).toBeUndefined();
        expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
        expect(container.env).toContainEqual({ name: "TUNNEL_METRICS", value: "127.0.0.1:20241" });
    });

    it("have the credentials as a file out of a Secret, which are a secret to Pulumi and stand nowhere else", async () => {
        const { resources, resource } = await made();
        const { pod, container } = await podOf();
        const secret = resource(kubernetes("core/v1:Secret"), "payments-eu-credentials");
        expect(secret.secrets).toEqual(["data"]);
        expect(pod.volumes[0]?.secret?.secretName).toMatch(/^cloudflared-credentials-[0-9a-f]{10}$/);
        expect(container.args).toContain("/etc/cloudflared/credentials/credentials.json");
        const others = resources.filter(({ type }) => type.startsWith("kubernetes:") && type !== secret.type);
        const shown = JSON.stringify(others.map(({ inputs }) => inputs));
        for (const hidden of secretsIn(secret.inputs)) expect(shown).not.toContain(hidden);
    });

    it("reach name servers, the edge and the API server, and are reached by nobody", async () => {
        const { inputsOf } = await made({ apiServerRanges: ["10.96.0.1", "10.0.0.4/30"] });
        const { spec } = inputsOf(
            kubernetes("networking.k8s.io/v1:NetworkPolicy"),
            "payments-eu-outbound-only",
        ) as never as {
            spec: {
                policyTypes: string[];
                ingress?: object;
                egress: { to: { ipBlock?: { cidr: string } }[]; ports: object[] }[];
            };
        };
        expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
        expect(spec.ingress).toBeUndefined();
        const [dns, edge, apiServer, ...more] = spec.egress;
        expect(more).toEqual([]);
        expect(dns?.ports).toEqual([
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
        ]);
        expect(edge?.to).toContainEqual({ ipBlock: { cidr: "198.41.128.0/17" } });
        expect(apiServer).toEqual({
            to: [{ ipBlock: { cidr: "10.96.0.1/32" } }, { ipBlock: { cidr: "10.0.0.4/30" } }],
            ports: [{ protocol: "TCP", port: 6443 }],
        });
    });

    it("start only once their network policy and their files are there", async () => {
        const { resource } = await made();
        const { dependencies } = resource(kubernetes("apps/v1:Deployment"), "payments-eu-connectors");
        const before = ["payments-eu-namespace", "payments-eu-outbound-only", "payments-eu-credentials"];
        for (const name of before) expect(dependencies.some((urn) => urn.endsWith(`::${name}`))).toBe(true);
    });

    it("take the rules of a locally managed tunnel and the authority of an edge of one's own from a ConfigMap", async () => {
        const edge = { addresses: ["172.18.0.1:7844"], caPem: CERTIFICATE };
        const changes: Partial<ClusterAccessArgs> = {
            management: "local",
            edge,
            connector: { edgeRanges: ["172.18.0.1"] },
        };
        const { inputsOf } = await made(changes);
        const { data } = inputsOf(kubernetes("core/v1:ConfigMap"), "payments-eu-settings") as never as {
            data: Record<string, string>;
        };
        expect(JSON.parse(data["config.json"] ?? "").ingress[0]).toMatchObject({
            service: "tcp://10.0.0.5:6443",
            originRequest: { proxyType: "socks", access: { required: true } },
        });
        expect(data["edge-ca.pem"]).toBe(CERTIFICATE);
        const { container } = await podOf(changes);
        expect(container.args).toContain("/etc/sallyport/config.json");
        expect(container.env).toContainEqual({ name: "SSL_CERT_FILE", value: "/etc/sallyport/edge-ca.pem" });
    });
});

describe("manifests for GitOps", () => {
    it("name the Secret and hold none, which is handed out apart", async () => {
        const { access, ofKubernetes } = await made({
            connector: { kind: "manifests", namespace: "access" },
            grants: [{ groups: ["operators"], clusterRole: "view" }],
        });
        expect(ofKubernetes).toEqual([]);
        const yaml = await promiseOf(access.manifests);
        const documents = parseAllDocuments(yaml).map((document) => document.toJS());
        expect(documents.map(({ kind }) => kind)).toEqual([
            ...["Namespace", "NetworkPolicy", "Deployment", "PodDisruptionBudget", "ClusterRoleBinding"],
        ]);
        expect(await pulumi.isSecret(access.manifests)).toBe(false);
        const secret = parse(await promiseOf(access.secretManifest));
        for (const hidden of secretsIn(secret)) expect(yaml).not.toContain(hidden);
        expect(await pulumi.isSecret(access.secretManifest)).toBe(true);
        expect(secret).toMatchObject({ kind: "Secret", immutable: true, metadata: { namespace: "access" } });
        expect(documents[2].spec.template.spec.volumes[0].secret.secretName).toBe(secret.metadata.name);
    });
});

describe("connectors on a machine beside the cluster", () => {
    it("are held to the API server, and leave the grants as manifests", async () => {
        const { access, ofKubernetes } = await made({
            connector: { kind: "host" },
            grants: [{ users: ["ada@example.com"], clusterRole: "view" }],
        });
        expect(ofKubernetes).toEqual([]);
        const [unit] = await promiseOf(access.files);
        expect(unit?.content).toContain("IPAddressAllow=10.0.0.5/32");
        expect(await pulumi.isSecret(access.secretFiles)).toBe(true);
        expect(parse(await promiseOf(access.manifests))).toMatchObject({ kind: "ClusterRoleBinding" });
    });
});

describe("grants", () => {
    const grants = [
        { groups: ["operators"], users: ["ada@example.com"], clusterRole: "view" },
        { groups: ["operators"], clusterRole: "edit", namespaces: ["shop", "stock"] },
    ];

    it("bind roles to the people that the OpenID provider names, behind the prefix that the API server puts before them", async () => {
        const { inputsOf, access } = await made({ oidc, grants });
        const apiGroup = "rbac.authorization.k8s.io";
        expect(inputsOf(kubernetes(`${apiGroup}/v1:ClusterRoleBinding`), "payments-eu-view")).toMatchObject({
            roleRef: { apiGroup, kind: "ClusterRole", name: "view" },
            subjects: [
                { apiGroup, kind: "Group", name: "oidc:operators" },
                { apiGroup, kind: "User", name: "oidc:ada@example.com" },
            ],
        });
        for (const namespace of ["shop", "stock"]) {
            expect(inputsOf(kubernetes(`${apiGroup}/v1:RoleBinding`), `payments-eu-edit@${namespace}`)).toMatchObject({
                metadata: { namespace },
                subjects: [{ kind: "Group", name: "oidc:operators" }],
            });
        }
        expect(await promiseOf(access.oidcFlags)).toEqual([
            "--oidc-issuer-url=https://id.example.com/realms/staff",
            "--oidc-client-id=kubernetes",
            "--oidc-username-claim=email",
            "--oidc-username-prefix=oidc:",
            "--oidc-groups-claim=groups",
            "--oidc-groups-prefix=oidc:",
        ]);
        expect(parse(await promiseOf(access.authenticationConfiguration))).toMatchObject({
            kind: "AuthenticationConfiguration",
            jwt: [
                {
                    issuer: { url: oidc.issuer, audiences: ["kubernetes"] },
                    claimMappings: { groups: { claim: "groups", prefix: "oidc:" } },
                },
            ],
        });
    });

    it("take names as the cluster knows them where it has no OpenID provider", async () => {
        const { inputsOf } = await made({ grants: [{ groups: ["operators"], clusterRole: "view" }] });
        expect(
            inputsOf(kubernetes("rbac.authorization.k8s.io/v1:ClusterRoleBinding"), "payments-eu-view").subjects,
        ).toMatchObject([{ name: "operators" }]);
    });

    it("never give Kubernetes' own groups to anybody, and each role once", async () => {
        const { error } = await deploy(
            () =>
                new ClusterAccess("payments-eu", {
                    ...args,
                    oidc: { ...oidc, prefix: "system:" },
                    grants: [
                        { groups: ["system:masters"], clusterRole: "view" },
                        { groups: ["operators"], clusterRole: "view" },
                        { clusterRole: "edit", namespaces: ["shop"] },
                    ],
                }),
        );
        expect(problemsOf(error)).toEqual({
            "oidc.prefix": '"system:" is Kubernetes\' own. Write one such as "oidc:".',
            "grants[0].groups[0]":
                '"system:masters" is Kubernetes\' own: "system:masters" may do everything past RBAC. Write a group of people.',
            "grants[1].clusterRole":
                '"view" is granted in the whole cluster by grants[0] already. Name everybody there.',
            "grants[2]": 'is for nobody. Write "groups", "users" or both.',
        });
    });
});

describe("what cannot be held to one API server", () => {
    it.each([
        [
            { server: "http://10.0.0.5:6443" },
            "server",
            '"http://10.0.0.5:6443" is not reached over TLS. Write it with "https://".',
        ],
        [{ server: "https://10.0.0.5/k8s" }, "server", '"https://10.0.0.5/k8s" has a path. Write "https://10.0.0.5".'],
        [
            { server: "https://kubernetes.default.svc" },
            "apiServerRanges",
            'is missing, and "https://kubernetes.default.svc" names no address: the connectors could be held to nothing. Write the addresses of the service and of the API servers behind it.',
        ],
        [{ audience: [] }, "audience", "is empty. Write the names of those who may enter."],
        [
            { policyIds: [] },
            "policyIds",
            "is empty, so nobody could ever enter. Give the policyIds of at least one AccessAudience.",
        ],
        [
            { connector: { namespace: "kube-system" } },
            "connector.namespace",
            '"kube-system" is Kubernetes\' own. Write one for the connectors alone, such as "sallyport".',
        ],
        [
            { connector: { kind: "host", replicas: 2 } },
            "connector.replicas",
            "has no meaning on a machine beside the cluster. Leave it out.",
        ],
    ] as [Partial<ClusterAccessArgs>, string, string][])("is refused: %j", async (changes, path, reason) => {
        const { error, resources } = await deploy(() => new ClusterAccess("payments-eu", { ...args, ...changes }));
        expect(problemsOf(error)).toEqual({ [path]: reason });
        expect(resources).toEqual([]);
    });
});

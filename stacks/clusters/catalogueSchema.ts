import { z } from "zod";
import {
    CLUSTER_CATALOGUE_VERSION,
    type ClusterCatalogue,
    ClusterTunnelMode,
} from "../../components/kubernetes/catalogue.ts";

/** Name of the stack output that holds a {@link ClusterCatalogue}. */
export const CLUSTERS_OUTPUT = "clusters";

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
const HOSTNAME = /^([a-z0-9_-]+\.)+[a-z0-9-]+$/;
const AUDIENCE_TAG = /^[0-9a-f]{64}$/;
const TEAM = /^[a-z0-9-]+$/;
const HTTPS_ORIGIN = /^https:\/\/[^\s/?#@]+\/?$/;
const HTTPS_URL = /^https:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const text = z.string().min(1, "is empty");

/** One entry; readers that go on with what is whole check a catalogue's entries one by one with it. */
export const catalogueCluster = z.strictObject({
    name: z
        .string()
        .regex(NAME, 'is not a name of 1 to 40 lower-case letters, digits and "-", such as "payments-eu"')
        .describe("Name that people type, unique in its catalogue."),
    hostname: z
        .string()
        .regex(HOSTNAME, 'is not a host name in lower case, such as "payments-eu.example.com"')
        .describe("Public host name of the Access application."),
    aud: z
        .string()
        .regex(AUDIENCE_TAG, "is not an audience tag of 64 hexadecimal digits")
        .describe("Audience tag of the Access application."),
    team: z
        .string()
        .regex(TEAM, 'is not the first label of a team domain, such as "example"')
        .describe("Access team: the first label of <team>.cloudflareaccess.com."),
    server: z
        .string()
        .regex(HTTPS_ORIGIN, 'is not the URL of an API server, such as "https://10.0.0.1:6443"')
        .describe("URL of the API server as it is reached from inside."),
    certificateAuthorityData: z
        .string()
        .regex(BASE64, "is not base64; write the PEM of the cluster's authority in base64")
        .describe("Authorities of the API server's certificate: PEM in base64."),
    mode: z
        .enum(ClusterTunnelMode, `is none of ${Object.values(ClusterTunnelMode).join(", ")}`)
        .describe("How the local end of the tunnel is spoken to."),
    audience: z.array(text).min(1, "is empty").describe("Names of the audiences that may pass Access."),
    policyIds: z.array(text).min(1, "is empty").describe("Ids of the Access policies that decide it, in their order."),
    tags: z.record(z.string(), z.string()).describe("What the cluster is found by beside its name."),
    kubernetesAuth: z
        .strictObject({
            oidc: z
                .strictObject({
                    issuer: z
                        .string()
                        .regex(HTTPS_URL, 'is not the URL of an issuer, such as "https://id.example.com"'),
                    clientId: text,
                })
                .exactOptional()
                .describe("The OpenID provider whose tokens the API server takes."),
        })
        .describe("How people prove to the cluster itself who they are."),
});

/** Checks what a stack's output, or a file that somebody passed on, says of its clusters. */
export const clusterCatalogue: z.ZodType<ClusterCatalogue> = z
    .strictObject({
        version: z.literal(
            CLUSTER_CATALOGUE_VERSION,
            `is not ${CLUSTER_CATALOGUE_VERSION}, the only version that this sallyport reads; bring it up to date`,
        ),
        clusters: z.array(catalogueCluster),
    })
    .superRefine(({ clusters }, context) => {
        for (const [index, { name }] of clusters.entries()) {
            const first = clusters.findIndex((other) => other.name === name);
            if (first === index) continue;
            context.addIssue({
                code: "custom",
                path: ["clusters", index, "name"],
                message: `"${name}" stands at clusters[${first}] already; give one of the two another name`,
            });
        }
    });

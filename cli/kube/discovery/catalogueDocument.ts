import { z } from "zod";
import {
    type CatalogueCluster,
    CLUSTER_CATALOGUE_VERSION,
    type ClusterCatalogue,
    ClusterTunnelMode,
} from "../../../stacks/config/clusterCatalogue.ts";
import { describeIssues } from "../../../stacks/config/issues.ts";
import { matching, text } from "../../../stacks/config/text.ts";
import { hostnameProblem, httpsUrlProblem } from "../../../stacks/config/values.ts";

/** A newer stack may tell more of a cluster than is known here: what is not known is left out, and only another version refuses. */
const cluster: z.ZodType<CatalogueCluster> = z.object({
    name: z.string().min(1, "is empty. Write the name that people type."),
    hostname: text((hostname) => hostnameProblem(hostname, { wildcard: false })),
    aud: z.string(),
    team: z.string(),
    server: text(httpsUrlProblem),
    certificateAuthorityData: matching(/^[A-Za-z0-9+/]+={0,2}$/, "base64. Write the PEM certificates in base64."),
    mode: z.enum(ClusterTunnelMode, `is none of ${Object.values(ClusterTunnelMode).join(", ")}.`),
    audience: z.array(z.string()),
    policyIds: z.array(z.string()),
    tags: z.record(z.string(), z.string()),
    kubernetesAuth: z.object({
        oidc: z.object({ issuer: text(httpsUrlProblem), clientId: z.string().min(1) }).optional(),
    }) as z.ZodType<CatalogueCluster["kubernetesAuth"]>,
});

const catalogue = z.object({
    version: z.literal(
        CLUSTER_CATALOGUE_VERSION,
        `is not ${CLUSTER_CATALOGUE_VERSION}, the only version there is. Take a \`sallyport\` that is as new as the catalogue.`,
    ),
    clusters: z.array(cluster).superRefine((clusters, context) => {
        const names = clusters.map(({ name }) => name);
        for (const [index, name] of names.entries()) {
            if (names.indexOf(name) < index) {
                const message = `"${name}" is the name of another one too. Give one of the two another name.`;
                context.addIssue({ code: "custom", path: [index, "name"], message });
            }
        }
    }),
});

/**
 * Checks a catalogue: a stack's output `clusters`, or a copy of it.
 *
 * @throws Error with every mistake, each with its path.
 */
export function readCatalogueDocument(document: unknown): ClusterCatalogue {
    const parsed = catalogue.safeParse(document, { reportInput: true });
    if (!parsed.success) {
        const root = { path: "", keys: Object.keys(catalogue.shape), owner: "a catalogue" };
        const lines = describeIssues(parsed.error.issues, root).map(({ path, reason }) => `${path} ${reason}`.trim());
        throw new Error(`is no catalogue of clusters: ${lines.join("; ")}`);
    }
    return parsed.data;
}

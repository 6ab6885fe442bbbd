import { z } from "zod";
import { httpsUrlProblem, zoneProblem } from "../../components/validation/index.ts";
import { isLoopback } from "./loopback.ts";
import { matching, text } from "./text.ts";

/** Where clusters are looked for. */
export const ClusterSourceKind = {
    /** The output `clusters` of a stack of this project. */
    Stack: "stack",
    /** A catalogue that somebody hands out, as a file or over HTTPS. */
    Catalogue: "catalogue",
    /** Amazon's Elastic Kubernetes Service, by tags. */
    Eks: "eks",
    /** Google Kubernetes Engine, by resource labels. */
    Gke: "gke",
    /** Azure Kubernetes Service, by tags. */
    Aks: "aks",
    /** HashiCorp Vault's key-value store, for clusters on premises. */
    Vault: "vault",
} as const;
export type ClusterSourceKind = (typeof ClusterSourceKind)[keyof typeof ClusterSourceKind];

const KINDS = Object.values(ClusterSourceKind).join(", ");

/** What people see of a source; derived from what it reads where omitted. */
const name = z.string().min(1, "is empty. Write a name, or leave the key out.").optional();

/**
 * The DNS zone that a tag's host name lies in. Whoever may tag a cloud resource must not be able to lead `kubectl`, and the
 * credentials that it sends, to a host of their own.
 */
const zone = text(zoneProblem);

/** A server on loopback needs no TLS: a test's, or the near end of a port forwarding. */
const serviceUrlProblem = (url: string) => (isLoopback(url) ? undefined : httpsUrlProblem(url));
const serviceUrl = text(serviceUrlProblem);

/** Another endpoint than the public one: Private Google Access, an AWS interface endpoint, a national cloud. */
const endpoint = serviceUrl.optional();

/** From the folder of the file that names it; `~/` is the user's own. */
const emptyFile = (path: string) => (path === "" ? "is empty. Write the path of a file." : undefined);
const file = text(emptyFile);

const vaultPath = matching(
    /^[^/\s?#][^\s?#]*[^/\s?#]$|^[^/\s?#]$/,
    'a path in the store. Write one without "/" at its ends, such as "sallyport/clusters".',
);

/** One source, as a stack file (`sallyport:clusterSources`) and a user's own file have it. */
export const clusterSource = z.discriminatedUnion(
    "kind",
    [
        z.strictObject({ kind: z.literal(ClusterSourceKind.Stack), name, stack: z.string().min(1) }),
        z.strictObject({
            kind: z.literal(ClusterSourceKind.Catalogue),
            name,
            from: text((from) => (from.includes("://") ? serviceUrlProblem(from) : emptyFile(from))),
        }),
        z.strictObject({
            kind: z.literal(ClusterSourceKind.Eks),
            name,
            zone,
            region: matching(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'a region. Write one such as "eu-west-1".'),
            profile: z.string().min(1).optional(),
            endpoint,
        }),
        z.strictObject({
            kind: z.literal(ClusterSourceKind.Gke),
            name,
            zone,
            project: matching(
                /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
                'a project id. Write one such as "platform-4711".',
            ),
            location: matching(
                /^(-|[a-z]+-[a-z]+\d+(-[a-z])?)$/,
                'a location. Write one such as "europe-west1".',
            ).default("-"),
            endpoint,
        }),
        z.strictObject({
            kind: z.literal(ClusterSourceKind.Aks),
            name,
            zone,
            subscription: matching(
                /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
                'a subscription id. Write a UUID such as "00000000-0000-4000-8000-000000000000".',
            ),
            endpoint,
        }),
        z.strictObject({
            kind: z.literal(ClusterSourceKind.Vault),
            name,
            zone,
            address: serviceUrl.optional(),
            mount: vaultPath.default("secret"),
            path: vaultPath,
            version: z.literal([1, 2], "is neither 1 nor 2. Write the version of the key-value store.").default(2),
            namespace: vaultPath.optional(),
            tokenFile: file.optional(),
            caFile: file.optional(),
        }),
    ],
    {
        error: ({ input }) =>
            `"${(input as { kind?: unknown } | null)?.kind}" is not a kind of source. Write one of ${KINDS}.`,
    },
);

/** Where clusters are looked for, with every default filled in. */
export type ClusterSourceConfig = z.output<typeof clusterSource>;
export type SourceOf<Kind extends ClusterSourceKind> = Extract<ClusterSourceConfig, { kind: Kind }>;

/** Several, each with a name of its own: what is found is kept by its source's name. */
export const clusterSources = z.array(clusterSource).superRefine((sources, context) => {
    const names = sources.map(sourceName);
    for (const [index, one] of names.entries()) {
        const first = names.indexOf(one);
        if (first !== index) {
            const message = `is called "${one}" like [${first}]. Give one of the two another \`name\`.`;
            context.addIssue({ code: "custom", path: [index], message });
        }
    }
});

/** What a source is called in tables and messages. */
export function sourceName(source: ClusterSourceConfig): string {
    return source.name ?? `${source.kind} ${placeOf(source)}`;
}

function placeOf(source: ClusterSourceConfig): string {
    switch (source.kind) {
        case ClusterSourceKind.Stack:
            return source.stack;
        case ClusterSourceKind.Catalogue:
            return source.from;
        case ClusterSourceKind.Eks:
            return source.region;
        case ClusterSourceKind.Gke:
            return source.project;
        case ClusterSourceKind.Aks:
            return source.subscription;
        case ClusterSourceKind.Vault:
            return `${source.mount}/${source.path}`;
    }
}

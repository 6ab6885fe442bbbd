import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { ClusterTunnelMode } from "../../../stacks/config/clusterCatalogue.ts";
import { type ClusterSourceConfig, ClusterSourceKind } from "../../../stacks/config/clusterSources.ts";
import { sallyportHome } from "../../../toolchain/index.ts";
import { readIfThere, writePrivate } from "../../local/files.ts";
import type { FoundCluster, SourceAnswer } from "./cluster.ts";

/** The last answer of a source, and what was asked. */
export interface CachedAnswer extends SourceAnswer {
    /** Digest of the source's settings: with other ones the answer is worth nothing. */
    readonly asked: string;
    /** When it was asked last, whether it answered or not: milliseconds since 1970. `at` tells when the clusters were told. */
    readonly triedAt: number;
}

const VERSION = 1;

const texts = z.record(z.string(), z.string());

const found = z.strictObject({
    name: z.string(),
    tags: texts,
    hostname: z.string().optional(),
    aud: z.string().optional(),
    team: z.string().optional(),
    server: z.string().optional(),
    certificateAuthorityData: z.string().optional(),
    mode: z.enum(ClusterTunnelMode).optional(),
    audience: z.array(z.string()).optional(),
    policyIds: z.array(z.string()).optional(),
    kubernetesAuth: z
        .strictObject({ oidc: z.strictObject({ issuer: z.string(), clientId: z.string() }).optional() })
        .optional(),
    edge: z.strictObject({ address: z.string(), caFile: z.string() }).optional(),
}) as z.ZodType<FoundCluster>;

const cacheFile = z.strictObject({
    version: z.literal(VERSION),
    answers: z.array(
        z.strictObject({
            source: z.string(),
            kind: z.enum(ClusterSourceKind),
            asked: z.string(),
            answered: z.boolean(),
            at: z.number(),
            triedAt: z.number(),
            tookMs: z.number(),
            clusters: z.array(found),
            problems: z.array(z.string()),
        }),
    ),
});

const path = () => join(sallyportHome(), "kube", "clusters.json");

/** What was found before; undefined for a first time. One that cannot be read is told of, and made anew. */
export function readCache(note: (text: string) => void): readonly CachedAnswer[] | undefined {
    const text = readIfThere(path());
    if (text === undefined) {
        return undefined;
    }
    try {
        return cacheFile.parse(JSON.parse(text)).answers;
    } catch {
        note(`${path()} cannot be read as a cache of clusters; it is made anew`);
        return undefined;
    }
}

/** Keeps answers; a reader sees the old ones or these. */
export function writeCache(answers: readonly CachedAnswer[]): void {
    writePrivate(path(), `${JSON.stringify({ version: VERSION, answers }, null, 2)}\n`);
}

/** Tells one set of a source's settings from another. */
export function digestOf(source: ClusterSourceConfig): string {
    return createHash("sha256").update(JSON.stringify(source)).digest("hex");
}

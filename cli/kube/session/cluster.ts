import { z } from "zod";

/** Clusters as one process hands them to another that opens their tunnels. */
export const sessionCluster = z.object({
    name: z.string(),
    hostname: z.string(),
    /** Audience tag of its Access application, where it is known. */
    aud: z.string().optional(),
    team: z.string().optional(),
    server: z.string(),
    certificateAuthorityData: z.string().optional(),
    /** The emulated edge that leads to it, in place of Cloudflare's. */
    edge: z.object({ address: z.string(), caFile: z.string() }).optional(),
    /** Local port that was asked for. */
    port: z.int().optional(),
    /** User and namespace of its context. */
    context: z.object({ user: z.string(), namespace: z.string().optional() }),
    /** OpenID provider that a user of our own logs in with; the context's user is somebody's own where omitted. */
    oidc: z.object({ issuer: z.string(), clientId: z.string() }).optional(),
});

export type SessionCluster = z.output<typeof sessionCluster>;

/** Name of a cluster's entries in a kubeconfig: nobody's own begin so. */
export const contextName = (cluster: string): string => `sallyport-${cluster}`;

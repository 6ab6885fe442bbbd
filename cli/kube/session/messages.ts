import { z } from "zod";
import { sessionCluster } from "./cluster.ts";

/** What a session is asked for over its socket. Both ends are of one user and one version. */
export const Ask = {
    /** How its tunnels are. */
    Views: "/views",
    /** Open these clusters as well. */
    Open: "/open",
    /** Have a person log in to one again. */
    Login: "/login",
    /** Close some; the session ends with its last one. */
    Close: "/close",
} as const;
export type Ask = (typeof Ask)[keyof typeof Ask];

/** Where the session takes the service token from. A token of the environment goes over the socket: the session has an environment of its own. */
export const tokenOrigin = z.union([
    z.object({ file: z.string() }),
    z.object({ token: z.object({ clientId: z.string(), clientSecret: z.string() }).optional() }),
]);
export type TokenOrigin = z.output<typeof tokenOrigin>;

export const openMessage = z.object({
    clusters: z.array(sessionCluster),
    kubeconfig: z.string(),
    token: tokenOrigin,
});
export type OpenMessage = z.output<typeof openMessage>;

export const namesMessage = z.object({ names: z.array(z.string()) });
export type NamesMessage = z.output<typeof namesMessage>;

/** What a session answers where it could not do it: what a command says then. */
export const refusalMessage = z.object({ message: z.string(), exit: z.int(), fix: z.string().optional() });
export type RefusalMessage = z.output<typeof refusalMessage>;

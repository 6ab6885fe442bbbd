import { type TokenSource, tokenHeaders } from "../connect/credentials.ts";
import { localEdge } from "../edgeProxy.ts";
import { type Answer, askEdge } from "../edgeRequest.ts";
import type { DiscoveredCluster } from "./discovery/cluster.ts";
import { reasonOf } from "./discovery/reasons.ts";
import { loginTokenFor } from "./loginToken.ts";

/** What Access says to somebody who wants to a cluster. */
export const Access = {
    /** The credentials that are here open it now. */
    Open: "open",
    /** A login decides. */
    Login: "log in",
    /** Some conditions are left, such as a device check: `--as` alone says so. */
    Conditional: "conditional",
    Refused: "refused",
    /** Access would let pass, and nobody is connected behind it. */
    Down: "down",
    /** Nothing of ours leads there. */
    None: "no tunnel",
    /** It could not be asked, or its policies are not known here. */
    Unknown: "unknown",
} as const;
export type Access = (typeof Access)[keyof typeof Access];

export interface Verdict {
    readonly access: Access;
    /** Why, where the word alone does not say. */
    readonly why?: string;
}

/**
 * Asks the edge itself whether a cluster opens: with the service token, or else with the login that cloudflared keeps. No policy is computed
 * here, so nothing can be computed wrongly.
 */
export async function askAccess(
    { hostname, aud, edge }: DiscoveredCluster,
    serviceToken: TokenSource,
    now: number,
): Promise<Verdict> {
    if (hostname === undefined) {
        return { access: Access.None };
    }
    const service = serviceToken();
    const login = service === undefined ? loginTokenFor(hostname, aud, now) : undefined;
    const headers = login === undefined ? tokenHeaders(service) : { "cf-access-token": login.token };
    try {
        const answer = await askEdge(localEdge(edge), { hostname, path: "/" }, headers);
        return verdictOf(answer, service !== undefined);
    } catch (error) {
        return { access: Access.Unknown, why: reasonOf(error) };
    }
}

/** What an answer of the edge means: what is neither a login nor a refusal has passed Access. */
export function verdictOf(
    { status, location }: Pick<Answer, "status" | "location">,
    hasServiceToken: boolean,
): Verdict {
    if (status === 302 && location?.includes("/cdn-cgi/access/login")) {
        return hasServiceToken
            ? { access: Access.Refused, why: "the service token is in no audience of the cluster" }
            : { access: Access.Login };
    }
    if (status === 401 || status === 403) {
        return { access: Access.Refused };
    }
    // Cloudflare's own answers where no tunnel's connector is there, or the name leads nowhere (error 1033 comes as 530).
    if (status === 530) {
        return { access: Access.Down, why: "no connector of its tunnel is connected" };
    }
    return { access: Access.Open };
}

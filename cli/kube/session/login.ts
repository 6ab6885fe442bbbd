import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { loginTokenFor } from "../loginToken.ts";
import type { SessionCluster } from "./cluster.ts";

/**
 * When the login with which cloudflared reaches a cluster ends, in milliseconds since 1970: the cluster's own, or the team's, which is exchanged for one without anybody being
 * asked (cloudflared, `token/token.go`, getToken). Undefined where a person would have to log in.
 */
export function loginEnds({ hostname, aud, team }: SessionCluster, now: number): number | undefined {
    const ends = [loginTokenFor(hostname, aud, now)?.expires, teamLoginEnds(team)].filter((end) => end !== undefined);
    const last = Math.max(...ends);
    return last > now ? last : undefined;
}

/** `~/.cloudflared/<team domain>-org-token` (cloudflared, `token/path.go`). */
function teamLoginEnds(team: string | undefined): number | undefined {
    const file = join(homedir(), ".cloudflared", `${team}.cloudflareaccess.com-org-token`);
    try {
        const { exp } = decodeJwt(readFileSync(file, "utf8").trim());
        return exp === undefined ? undefined : exp * 1000;
    } catch {
        return undefined; // it is not there, or being written: there is no login then
    }
}

import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { readIfThere } from "../local/files.ts";

/** A login that cloudflared keeps for one application. */
export interface LoginToken {
    readonly token: string;
    /** When it ends: milliseconds since 1970. */
    readonly expires: number;
}

/**
 * The login that cloudflared holds for a host name, if it is not over. It keeps each in a file of its own, closed to others:
 * `~/.cloudflared/<host name>-<audience tag>-token` (cloudflared, `token/path.go`). Nothing is verified here: the edge does that.
 *
 * @param aud audience tag of the application; any where it is not known.
 */
export function loginTokenFor(hostname: string, aud: string | undefined, now: number): LoginToken | undefined {
    const folder = join(homedir(), ".cloudflared");
    const isOf = (name: string) =>
        aud === undefined
            ? name.startsWith(`${hostname}-`) && /^[0-9a-f]+-token$/.test(name.slice(hostname.length + 1))
            : name === `${hostname}-${aud}-token`;
    return namesIn(folder)
        .filter(isOf)
        .flatMap((name): LoginToken[] => readToken(join(folder, name)))
        .find(({ expires }) => expires > now);
}

function readToken(file: string): LoginToken[] {
    const token = readIfThere(file)?.trim() ?? "";
    try {
        const { exp = 0 } = decodeJwt(token);
        return [{ token, expires: exp * 1000 }];
    } catch {
        return []; // cloudflared is writing it, or it is no token: there is no login then
    }
}

function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return [];
        }
        throw error;
    }
}

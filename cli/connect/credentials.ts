import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import type { Mistakes } from "../mistakes.ts";

/** A service token of Access. */
export interface ServiceToken {
    readonly clientId: string;
    readonly clientSecret: string;
}

/** Where the service token comes from; undefined means that a person logs in with a browser. */
export type TokenSource = () => ServiceToken | undefined;

/** A file is as the stack's output `serviceTokens` has it, so that no tool is needed to make one. */
const tokenFile = z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) });

/** A service token cannot be used; the message names the file or the variable. */
export class TokenProblem extends Error {
    override readonly name = "TokenProblem";
}

/**
 * Chooses between a file (`--service-token`), the environment (`CF_ACCESS_CLIENT_ID`, `CF_ACCESS_CLIENT_SECRET`) and a login. The
 * file is read anew for each use: whoever rotates the token writes the new one there, and the next client connects with it.
 *
 * @throws TokenProblem when it cannot be used now.
 */
export function tokenSource(file: string | undefined, environment: NodeJS.ProcessEnv): TokenSource {
    if (file !== undefined) {
        readTokenFile(file);
        return () => readTokenFile(file);
    }
    const { CF_ACCESS_CLIENT_ID: clientId, CF_ACCESS_CLIENT_SECRET: clientSecret } = environment;
    if (Boolean(clientId) !== Boolean(clientSecret)) {
        const [there, missing] = clientId
            ? ["CF_ACCESS_CLIENT_ID", "CF_ACCESS_CLIENT_SECRET"]
            : ["CF_ACCESS_CLIENT_SECRET", "CF_ACCESS_CLIENT_ID"];
        throw new TokenProblem(`${there} is set and ${missing} is not; set both, or neither to log in with a browser`);
    }
    return () => (clientId && clientSecret ? { clientId, clientSecret } : undefined);
}

/** The same for a command line: what is wrong is gathered with its other mistakes. */
export function checkedSource(
    file: string | undefined,
    environment: NodeJS.ProcessEnv,
    mistakes: Mistakes,
): TokenSource {
    try {
        return tokenSource(file, environment);
    } catch (error) {
        if (error instanceof TokenProblem) {
            mistakes.add(file === undefined ? "environment" : "--service-token", error.message);
            return () => undefined;
        }
        throw error;
    }
}

/** How a request shows a service token to Access (developers.cloudflare.com/cloudflare-one, service tokens). */
export function tokenHeaders(token: ServiceToken | undefined): Record<string, string> {
    return token === undefined
        ? {}
        : { "cf-access-client-id": token.clientId, "cf-access-client-secret": token.clientSecret };
}

function readTokenFile(file: string): ServiceToken {
    let text: string;
    try {
        const { mode } = statSync(file);
        if ((mode & 0o077) !== 0) {
            throw new TokenProblem(
                `"${file}" can be read by others (mode ${(mode & 0o777).toString(8)}); run: chmod 600 ${file}`,
            );
        }
        text = readFileSync(file, "utf8");
    } catch (error) {
        throw error instanceof TokenProblem
            ? error
            : new TokenProblem(`"${file}" cannot be read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
    }
    const parsed = tokenFile.safeParse(jsonOf(text));
    if (!parsed.success) {
        // What is in the file is a secret: no part of it is quoted.
        throw new TokenProblem(`"${file}" is no service token; write {"clientId": "…", "clientSecret": "…"}`);
    }
    return parsed.data;
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

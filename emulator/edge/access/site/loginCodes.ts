import { randomBytes } from "node:crypto";

/** A login that is done, on its way from the team's domain to the application's. */
export interface LoginCode {
    readonly hostname: string;
    readonly aud: string;
    /** The session's `identity_nonce`. */
    readonly nonce: string;
    /** SHA-256 of the `CF_AppSession` cookie of the browser that began the login. */
    readonly appSession: string;
    /** Path and query that were asked for. */
    readonly redirectPath: string;
}

const lifetimeMs = 60_000;
const maximumCodes = 10_000;

/** One-time codes, good for a minute, that an application's hostname changes into its token. */
export class LoginCodes {
    readonly #clock: () => Date;
    readonly #codes = new Map<string, LoginCode & { readonly expires: number }>();

    constructor(clock: () => Date) {
        this.#clock = clock;
    }

    issue(login: LoginCode): string {
        const now = this.#clock().getTime();
        for (const [code, { expires }] of this.#codes) {
            if (expires > now && this.#codes.size < maximumCodes) {
                break;
            }
            this.#codes.delete(code);
        }
        const code = randomBytes(32).toString("base64url");
        this.#codes.set(code, { ...login, expires: now + lifetimeMs });
        return code;
    }

    /** The login, once, for the browser and the hostname that it is meant for. */
    redeem(code: string, hostname: string, appSession: string): LoginCode | undefined {
        const login = this.#codes.get(code);
        this.#codes.delete(code);
        const isGood =
            login !== undefined &&
            login.expires > this.#clock().getTime() &&
            login.hostname === hostname &&
            login.appSession === appSession;
        return isGood ? login : undefined;
    }
}

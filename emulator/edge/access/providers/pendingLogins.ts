import { randomBytes } from "node:crypto";

/** A login that has been handed to a provider, and that the provider is to send back. */
export interface PendingLogin {
    readonly providerId: string;
    /** The login's state, as the team's pages carry it. */
    readonly meta: string;
    /** Where the provider was told to send the browser back to. */
    readonly callbackUrl: string;
    /** Names the browser that was sent there, by its cookie. */
    readonly browser: string;
    /** OpenID Connect: ties the ID token to this login. */
    readonly nonce: string;
    /** OpenID Connect: ties the code to this login (PKCE, RFC 7636). */
    readonly codeVerifier: string;
    /** SAML: what the response must answer to. An XML `ID`, which begins with no digit. */
    readonly requestId: string;
}

const lifetimeMs = 600_000;
const maximumPending = 1000;

/** Logins on their way through a provider: each comes back once, within ten minutes, in the browser that set out. */
export class PendingLogins {
    readonly #clock: () => Date;
    readonly #pending = new Map<string, PendingLogin & { readonly expires: number }>();

    constructor(clock: () => Date) {
        this.#clock = clock;
    }

    /** @returns what the provider has to send back: OAuth's `state`, SAML's `RelayState`. */
    begin(login: Pick<PendingLogin, "providerId" | "meta" | "callbackUrl" | "browser">): {
        readonly state: string;
        readonly login: PendingLogin;
    } {
        const [oldest] = this.#pending.keys();
        if (oldest !== undefined && this.#pending.size >= maximumPending) {
            this.#pending.delete(oldest);
        }
        const state = randomText();
        const begun = { ...login, nonce: randomText(), codeVerifier: randomText(), requestId: `_${randomText()}` };
        this.#pending.set(state, { ...begun, expires: this.#clock().getTime() + lifetimeMs });
        return { state, login: begun };
    }

    /** The login, once, for the browser that set out; undefined for any other, and for what was never begun. */
    redeem(state: string, browser: string): PendingLogin | undefined {
        const login = this.#pending.get(state);
        if (login === undefined || login.browser !== browser) {
            return undefined;
        }
        this.#pending.delete(state);
        return login.expires > this.#clock().getTime() ? login : undefined;
    }
}

const randomText = (): string => randomBytes(32).toString("base64url");

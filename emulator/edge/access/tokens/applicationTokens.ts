import type { Session, Sessions } from "../session/sessions.ts";
import type { TokenIssuer } from "./tokenIssuer.ts";

/** A client that sends its credentials with every request gets the same token for half of the token's time. */
interface Remembered {
    readonly token: string;
    readonly renewAfter: number;
}

const maximumRemembered = 1000;

/** The tokens that applications get to see (DOCS application-token). */
export class ApplicationTokens {
    readonly #issuer: TokenIssuer;
    readonly #sessions: Sessions;
    readonly #clock: () => Date;
    readonly #remembered = new Map<string, Remembered>();

    constructor(issuer: TokenIssuer, sessions: Sessions, clock: () => Date) {
        this.#issuer = issuer;
        this.#sessions = sessions;
        this.#clock = clock;
    }

    /** For somebody who has logged in. */
    async forPerson(
        { identity, nonce }: Session,
        aud: string,
        lifetimeMs: number,
    ): Promise<{ token: string; expires: Date }> {
        const expires = new Date(this.#clock().getTime() + lifetimeMs);
        const claims = {
            aud: [aud],
            email: identity.email,
            identity_nonce: nonce,
            sub: identity.userId,
            ...(identity.country === undefined ? {} : { country: identity.country }),
        };
        await this.#sessions.keepUntil(nonce, expires.getTime());
        return { token: await this.#issuer.sign("app", claims, expires.getTime()), expires };
    }

    /** For a machine. @param commonName the service token's client id, or the common name of the client certificate. */
    async forService(commonName: string, aud: string, lifetimeMs: number): Promise<{ token: string; expires: Date }> {
        const now = this.#clock().getTime();
        const key = JSON.stringify([aud, commonName, lifetimeMs]);
        const known = this.#remembered.get(key);
        const expires = new Date(now + lifetimeMs);
        if (known !== undefined && now < known.renewAfter && (await this.#issuer.verify("app", known.token))) {
            return { token: known.token, expires: new Date(known.renewAfter) };
        }
        const token = await this.#issuer.sign(
            "app",
            { aud: [aud], common_name: commonName, sub: "" },
            expires.getTime(),
        );
        if (this.#remembered.size >= maximumRemembered) {
            this.#remembered.clear();
        }
        this.#remembered.set(key, { token, renewAfter: now + lifetimeMs / 2 });
        return { token, expires };
    }
}

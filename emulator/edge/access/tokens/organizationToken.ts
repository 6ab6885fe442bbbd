import type { AccessServices } from "../services.ts";
import type { Session } from "../session/sessions.ts";

/** The token that a browser has on the team's domain: with it, each application gives its own without asking again. */
export function organizationToken(
    { tokens, authDomain }: Pick<AccessServices, "tokens" | "authDomain">,
    { identity, nonce, expires }: Session,
): Promise<string> {
    const claims = { aud: [authDomain], email: identity.email, identity_nonce: nonce, sub: identity.userId };
    return tokens.sign("org", claims, expires);
}

import type { AccessDirectory } from "../../accessDirectory.ts";
import type { ExternalEvaluator } from "./external/externalEvaluator.ts";
import type { Sessions } from "./session/sessions.ts";
import type { LoginCodes } from "./site/loginCodes.ts";
import type { ApplicationTokens } from "./tokens/applicationTokens.ts";
import type { KeyRing } from "./tokens/keyRing.ts";
import type { TokenIssuer } from "./tokens/tokenIssuer.ts";
import type { Transfers } from "./transfer/transfers.ts";

/** What the parts of Access share. */
export interface AccessServices {
    readonly directory: AccessDirectory;
    readonly keys: KeyRing;
    readonly tokens: TokenIssuer;
    readonly applicationTokens: ApplicationTokens;
    readonly sessions: Sessions;
    readonly codes: LoginCodes;
    readonly transfers: Transfers;
    readonly externalEvaluator: ExternalEvaluator;
    readonly clock: () => Date;
    /** `<team>.cloudflareaccess.com`: what tokens and cloudflared call the team's domain. */
    readonly authDomain: string;
    /** The name under which browsers reach the team's pages without any set-up. */
    readonly teamHost: string;
}

/** `https://host`, with the port where it is not the usual one. */
export function originOf(hostname: string, port: number): string {
    return port === 443 ? `https://${hostname}` : `https://${hostname}:${port}`;
}

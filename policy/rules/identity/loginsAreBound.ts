import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, UNKNOWN } from "../../values.ts";

/** Without a signature the provider answers requests that anybody made up, in the name of Access. */
export const samlRequestsAreSigned: ResourceRule = {
    name: "saml-requests-are-signed",
    description: "Access signs the requests that it sends to a SAML provider.",
    severity: "medium",
    remediationSteps:
        "Set `config.signRequest` to true, and give the provider the key at `https://<team>.cloudflareaccess.com/cdn-cgi/access/certs`.",
    type: Token.identityProvider,
    judge: ({ name, props }) => {
        const signs = at(props, "config", "signRequest");
        if (at(props, "type") !== "saml" || signs === UNKNOWN || isOn(signs)) return [];
        return [
            {
                wrong: `Identity provider '${name}' takes SAML requests without a signature.`,
                instead: "Set `config.signRequest` to true.",
            },
        ];
    },
};

/** Without PKCE a code that is caught on its way back can be redeemed by whoever caught it (RFC 7636, section 1). */
export const oidcLoginUsesPkce: ResourceRule = {
    name: "oidc-login-uses-pkce",
    description: "A login through OpenID Connect is bound to the request that began it.",
    severity: "medium",
    remediationSteps: "Set `config.pkceEnabled` to true; every provider of today knows it.",
    remediation:
        "`config.pkceEnabled` becomes true. A provider that does not know PKCE ignores what it is sent (RFC 6749, section 3.1).",
    type: Token.identityProvider,
    judge: ({ name, props }) => {
        const bound = at(props, "config", "pkceEnabled");
        if (at(props, "type") !== "oidc" || bound === UNKNOWN || isOn(bound)) return [];
        return [
            {
                wrong: `Identity provider '${name}' logs people in through OpenID Connect without PKCE.`,
                instead: "Set `config.pkceEnabled` to true.",
                edits: at(props, "config") === undefined ? [] : [{ path: ["config", "pkceEnabled"], value: true }],
            },
        ];
    },
};

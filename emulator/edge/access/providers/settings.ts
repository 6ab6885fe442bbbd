import { z } from "zod";
import type { IdentityProvider } from "../../../accessDirectory.ts";
import { LoginRefusedError } from "./vouched.ts";

const text = z.string("is missing").min(1, "is empty");
const texts = z.array(z.string()).default([]);

/**
 * An address that the edge or the browser talks to: encrypted, unless it is on this machine.
 *
 * `localhost` and names below it are this machine's (RFC 6761, 6.3).
 */
export const address = text.refine((value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const isHere = /^(127\.\d+\.\d+\.\d+|\[::1\]|([\w-]+\.)*localhost)$/.test(url?.hostname ?? "");
    return url?.protocol === "https:" || (url?.protocol === "http:" && isHere);
}, "is not an https address; http is for this machine alone");

/** `config` of a provider of type `oidc` (API: Zero Trust › Identity providers). */
const oidc = z.object({
    client_id: text,
    client_secret: text,
    auth_url: address,
    token_url: address,
    certs_url: address,
    scopes: z.array(z.string()).default(["openid", "email", "profile"]),
    claims: texts,
    email_claim_name: z.string().default("email"),
    pkce_enabled: z.boolean().default(false),
    prompt: z.string().optional(),
});
export type OidcSettings = z.infer<typeof oidc>;

/** `config` of a provider of type `saml`. */
const saml = z.object({
    issuer_url: text,
    sso_target_url: address,
    idp_public_certs: z.array(text, "is missing").min(1, "is empty"),
    attributes: texts,
    email_attribute_name: z.string().default("email"),
    sign_request: z.boolean().default(false),
});
export type SamlSettings = z.infer<typeof saml>;

/** @throws LoginRefusedError with everything that is missing or wrong. */
export function oidcSettings(provider: IdentityProvider): OidcSettings {
    return settingsOf(oidc, provider);
}

/** @throws LoginRefusedError with everything that is missing or wrong. */
export function samlSettings(provider: IdentityProvider): SamlSettings {
    return settingsOf(saml, provider);
}

function settingsOf<Settings extends z.ZodType>(schema: Settings, { name, config }: IdentityProvider) {
    const parsed = schema.safeParse(config);
    if (parsed.success) {
        return parsed.data;
    }
    const mistakes = parsed.error.issues.map(({ path, message }) => `config.${path.join(".")} ${message}`);
    throw new LoginRefusedError(`${name} cannot be asked: ${mistakes.join("; ")}`);
}

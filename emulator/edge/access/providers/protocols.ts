import type { IdentityProvider } from "../../../accessDirectory.ts";

/** Types whose addresses are the account's to configure: the edge speaks their protocol with whoever is there. */
const askedItself = ["oidc", "saml"] as const;
export type ProtocolType = (typeof askedItself)[number];

/** Whether the edge asks the provider itself. In the place of any other, such as Google or GitHub, stands a page of the edge's own. */
export function isAskedItself<Provider extends Pick<IdentityProvider, "type">>(
    provider: Provider,
): provider is Provider & { readonly type: ProtocolType } {
    return askedItself.some((type) => type === provider.type);
}

import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, text } from "../../values.ts";

/** Where each kind has its name, and how many characters Cloudflare takes (developers.cloudflare.com/cloudflare-one/account-limits). */
const NAMES: Readonly<Record<string, { readonly what: string; readonly property: string; readonly most: number }>> = {
    [Token.accessApplication]: { what: "Access application", property: "name", most: 350 },
    [Token.accessGroup]: { what: "Access group", property: "name", most: 350 },
    [Token.accessServiceToken]: { what: "Service token", property: "name", most: 350 },
    [Token.clientCertificateAuthority]: { what: "Client certificate authority", property: "name", most: 350 },
    [Token.identityProvider]: { what: "Identity provider", property: "name", most: 350 },
    [Token.accessInfrastructureTarget]: { what: "Infrastructure target", property: "hostname", most: 255 },
};

export const namesAreShort: ResourceRule = {
    name: "names-are-within-limits",
    description: "A name is no longer than Cloudflare takes.",
    severity: "low",
    remediationSteps: "Shorten the name: 350 characters in Access, 255 for an infrastructure target.",
    type: Object.keys(NAMES),
    judge: ({ type, name, props }) => {
        const kind = NAMES[type];
        const length = kind === undefined ? 0 : (text(at(props, kind.property))?.length ?? 0);
        if (kind === undefined || length <= kind.most) return [];
        return [
            {
                wrong: `${kind.what} '${name}' has a '${kind.property}' of ${length} characters, and Cloudflare takes ${kind.most}.`,
                instead: "Shorten it.",
            },
        ];
    },
};

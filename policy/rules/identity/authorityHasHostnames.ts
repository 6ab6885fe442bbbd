import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, items, UNKNOWN } from "../../values.ts";

/** The edge asks for client certificates on the associated names only: without any, nobody is asked and every rule on them fails. */
export const authorityHasHostnames: ResourceRule = {
    name: "client-certificate-authority-has-hostnames",
    description: "An authority for client certificates says at which host names the edge asks for one.",
    severity: "medium",
    remediationSteps: "List the host names in `associatedHostnames`, or remove the authority.",
    type: Token.clientCertificateAuthority,
    judge: ({ name, props }) => {
        const hostnames = items(at(props, "associatedHostnames"));
        if (hostnames === UNKNOWN || hostnames.length > 0) return [];
        return [
            {
                wrong: `Client certificate authority '${name}' is associated with no host name, so the edge asks nobody for a certificate.`,
                instead: "List the host names in `associatedHostnames`.",
            },
        ];
    },
};

import { carriedText } from "../../carriedFiles.ts";
import { rulesInFile } from "../../connectorFile.ts";
import { describe, hostnameOf, knownIngressRules } from "../../ingress.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, knownItems, text } from "../../values.ts";

/** Services with which whoever passes Access names the destination (cloudflared, `ingress/ingress.go`). */
const FREE: Readonly<Record<string, string>> = {
    bastion: "a bastion, which dials whatever address a visitor names",
    "socks-proxy": "a free SOCKS5 proxy",
};

/** A range that holds every address. */
const EVERYWHERE = /\/0+$/;

/**
 * Behind one host name there is one origin. A free proxy is held by `ipRules` alone, which the provider has no field for: it can be declared in a
 * connector's own file only, and is accepted there where every range that it allows is less than everything.
 */
export const ingressLeadsToOneOrigin: ResourceRule = {
    name: "ingress-leads-to-one-origin",
    description: "No ingress rule lets a visitor choose the address to which the connector connects.",
    severity: "high",
    remediationSteps:
        'Write the origin, such as `tcp://10.0.0.5:6443`, with `originRequest.proxyType` "socks" where clients speak SOCKS5; or hold a free proxy in a connector\'s own file to ranges and ports with `ipRules`.',
    type: [Token.tunnelConfig, Token.serviceConfig],
    judge: (resource) => (resource.type === Token.tunnelConfig ? inDocument(resource) : inFile(resource)),
};

function inDocument(resource: Resource): Finding[] {
    return knownIngressRules(resource).flatMap((rule) => {
        const free = typeof rule.service === "string" ? FREE[rule.service] : undefined;
        if (free === undefined) return [];
        const wrong = `${describe(resource, rule)} is ${free}.`;
        const instead = `Write the origin, with 'originRequest.proxyType' "socks" where clients speak SOCKS5.`;
        return [{ wrong, instead, ...hostnameOf(rule) }];
    });
}

function inFile({ name, props }: Resource): Finding[] {
    return rulesInFile(carriedText(props)).flatMap((rule, index) => {
        const service = text(at(rule, "service")) ?? "";
        const free = FREE[service];
        if (free === undefined || (service === "socks-proxy" && isHeld(rule))) return [];
        const hostname = text(at(rule, "hostname"));
        const called = hostname === undefined ? "" : ` for "${hostname}"`;
        return [
            {
                wrong: `Ingress rule ${index + 1}${called} in service config '${name}' is ${free}, and nothing holds it.`,
                instead: "Write the origin, or for a proxy the ranges that may be reached in 'originRequest.ipRules'.",
                ...(hostname === undefined ? {} : { hostname }),
            },
        ];
    });
}

/** Whether a free proxy allows something, and not everything; what no rule names it refuses by itself (`ipaccess/access.go`). */
function isHeld(rule: unknown): boolean {
    const allowed = knownItems(at(rule, "originRequest", "ipRules")).filter((one) => isOn(at(one, "allow")));
    return allowed.length > 0 && allowed.every((one) => !EVERYWHERE.test(text(at(one, "prefix")) ?? "/0"));
}

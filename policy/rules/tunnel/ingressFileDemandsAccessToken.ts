import { carriedText } from "../../carriedFiles.ts";
import { rulesInFile } from "../../connectorFile.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, items, shown, text } from "../../values.ts";

/**
 * As `ingress-demands-access-token`, for a locally managed tunnel, whose rules are a file that a Swarm config carries. Only a file that is
 * JSON is read: it is what TunnelIngress writes, and YAML would need a reader that every run of this pack had to load.
 */
export const ingressFileDemandsAccessToken: ResourceRule = {
    name: "ingress-file-demands-access-token",
    description: "Every rule with an origin in a connector's own file demands the token of its Access application.",
    severity: "critical",
    remediationSteps:
        "Set `originRequest.access` of each rule to `{ required: true, teamName, audTag: [application.aud] }`, and write the file as JSON; the `configFile` of a TunnelIngress is.",
    type: Token.serviceConfig,
    judge: (config) => {
        const file = carriedText(config.props);
        // A `tunnel` and an `ingress` at the beginning of a line: a connector's file in YAML, whose rules nobody judges.
        if (/^ingress:/m.test(file) && /^tunnel:/m.test(file)) {
            return [
                {
                    wrong: `Service config '${config.name}' carries a connector's ingress rules in YAML, where they are not judged.`,
                    instead: "Write the file as JSON, which cloudflared reads as well.",
                },
            ];
        }
        return rulesInFile(file).flatMap((rule, index) => judge(config, rule, index + 1));
    },
};

function judge({ name }: Resource, rule: unknown, place: number): Finding[] {
    if (text(at(rule, "service"))?.startsWith("http_status:")) return [];
    const access = at(rule, "originRequest", "access");
    const tags = items(at(access, "audTag"));
    const missing = !isOn(at(access, "required"))
        ? `'access.required' is ${shown(at(access, "required"))}`
        : !Array.isArray(tags) || tags.every((tag) => tag === "")
          ? "'access.audTag' is empty"
          : (text(at(access, "teamName")) ?? "") === ""
            ? "'access.teamName' is not set"
            : undefined;
    if (missing === undefined) return [];
    const hostname = text(at(rule, "hostname"));
    const of = hostname === undefined ? "" : ` for "${hostname}"`;
    return [
        {
            wrong: `Ingress rule ${place}${of} in service config '${name}' lets requests without an Access token through: ${missing}.`,
            instead: "Write `access: { required: true, teamName, audTag: [application.aud] }` in its `originRequest`.",
            ...(hostname === undefined ? {} : { hostname }),
        },
    ];
}

import { check, type Finding } from "../finding.ts";
import type { AuditedHostname } from "../target.ts";
import { type IngressRule, openness } from "./ingressRules.ts";

/** What a connector runs with, or why it cannot be known. */
export type RunningRules = { readonly connector: string; readonly rules: readonly IngressRule[] };

/** Where the rules of the tunnels come from. */
export interface RuleSources {
    /** As the account has them. */
    readonly documented: Promise<readonly IngressRule[]>;
    /** As connectors run them now, or what stands in the way of asking them. */
    readonly running: Promise<readonly RunningRules[] | { readonly reason: string }>;
}

/** Whether the connectors let nobody through without the token of the hostname's Access application. */
export function tokenDemandCheck(hostname: AuditedHostname, { documented, running }: RuleSources): Promise<Finding> {
    return check("connector-demands-token", `${hostname.hostname}${hostname.path}`, async () => {
        const inDocument = openness(await documented, hostname);
        if (inDocument !== undefined) {
            return { ok: false, detail: `${inDocument}, says Cloudflare's document` };
        }
        const connectors = await running;
        if ("reason" in connectors) {
            return {
                ok: true,
                detail: `says Cloudflare's document (connectors cannot be asked: ${connectors.reason})`,
            };
        }
        for (const { connector, rules } of connectors) {
            const open = openness(rules, hostname);
            if (open !== undefined) {
                return { ok: false, detail: `${open}, says ${connector}` };
            }
        }
        return { ok: true, detail: `say Cloudflare's document and ${connectors.length} running connectors` };
    });
}

import { check, type Finding } from "../finding.ts";
import type { AuditedHostname } from "../target.ts";
import { type IngressRule, openness } from "./ingressRules.ts";
import type { WrittenRules } from "./writtenRules.ts";

/** What a connector runs with, or why it cannot be known. */
export type RunningRules = { readonly connector: string; readonly rules: readonly IngressRule[] };

/** Where the rules of the tunnels come from. */
export interface RuleSources {
    /** As they stand where connectors take them from. */
    readonly written: Promise<WrittenRules>;
    /** As connectors run them now, or what stands in the way of asking them. */
    readonly running: Promise<readonly RunningRules[] | { readonly reason: string }>;
}

/** Whether the connectors let nobody through without the token of the hostname's Access application. */
export function tokenDemandCheck(hostname: AuditedHostname, { written, running }: RuleSources): Promise<Finding> {
    return check("connector-demands-token", `${hostname.hostname}${hostname.path}`, async () => {
        const { where, rules: asWritten } = await written;
        const openAsWritten = openness(asWritten, hostname);
        if (openAsWritten !== undefined) {
            return { ok: false, detail: `${openAsWritten}, says ${where}` };
        }
        const connectors = await running;
        if ("reason" in connectors) {
            return { ok: true, detail: `says ${where} (connectors cannot be asked: ${connectors.reason})` };
        }
        for (const { connector, rules } of connectors) {
            const open = openness(rules, hostname);
            if (open !== undefined) {
                return { ok: false, detail: `${open}, says ${connector}` };
            }
        }
        return { ok: true, detail: `say ${where} and ${connectors.length} running connectors` };
    });
}

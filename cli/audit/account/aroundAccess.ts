import { check, type Finding } from "../finding.ts";
import type { AuditedHostname, AuditTarget } from "../target.ts";

/** What one connector answered to a request that Access never saw. */
export interface AnswerAroundAccess {
    readonly connectorId: string;
    readonly status: number;
    /** The origin's headers; none when the connector answered by itself. */
    readonly headers: Readonly<Record<string, unknown>>;
}

/** Whether connectors refuse a request without a token themselves, so that its origin never sees it. */
export function aroundAccessCheck(
    { askAroundAccess }: Pick<AuditTarget, "askAroundAccess">,
    hostname: AuditedHostname,
): Promise<Finding> {
    return check("origin-refuses-around-access", `${hostname.hostname}${hostname.path}`, async () => {
        if (askAroundAccess === undefined) {
            return { reason: "Cloudflare has no way past Access; connector-demands-token reads the rules instead" };
        }
        const answers = await askAroundAccess(hostname);
        if (answers.length === 0) {
            return { ok: false, detail: "no connector is connected" };
        }
        const wrong = answers.find(({ status, headers }) => status !== 403 || Object.keys(headers).length > 0);
        return wrong === undefined
            ? { ok: true, detail: `403 from each of ${answers.length} connectors, without their origin` }
            : { ok: false, detail: `connector ${wrong.connectorId} passed it on, and answered ${wrong.status}` };
    });
}

import { askApi } from "../cloudflareApi.ts";
import { check, type Finding } from "./finding.ts";
import type { AuditTarget } from "./target.ts";

interface Application {
    aud?: string;
    policies?: unknown[];
}

interface IngressRule {
    hostname?: string;
    path?: string;
    originRequest?: { access?: { required?: boolean; audTag?: string[] } };
}

interface Tunnel {
    name: string;
    status: string;
}

interface Connector {
    id: string;
}

/** What only the account knows: whether the guards are still there, and who is connected. */
export async function accountChecks(target: AuditTarget): Promise<Finding[]> {
    const account = `/accounts/${target.accountId}`;
    const applications = askApi<Application[]>(target.api, `${account}/access/apps?per_page=1000`);
    const configurations = target.tunnelIds.map((id) =>
        askApi<{ config?: { ingress?: IngressRule[] } }>(target.api, `${account}/cfd_tunnel/${id}/configurations`),
    );
    // Every check awaits what it needs and fails with it; a question that nobody awaits must not end the process.
    await Promise.allSettled([applications, ...configurations]);
    return Promise.all([
        ...target.hostnames.map(({ hostname, path, aud }) =>
            check("access-application-exists", `${hostname}${path}`, async () => {
                const application = (await applications).find((candidate) => candidate.aud === aud);
                if (application === undefined) {
                    return { ok: false, detail: `no Access application has the audience tag ${aud}` };
                }
                const policies = application.policies?.length ?? 0;
                return { ok: policies > 0, detail: `${policies} policies` };
            }),
        ),
        ...target.hostnames.map(({ hostname, path, aud }) =>
            check("connector-demands-token", `${hostname}${path}`, async () => {
                const documents = await Promise.all(configurations);
                const rules = documents.flatMap(({ config }) => config?.ingress ?? []);
                const serving = rules.filter((rule) => rule.hostname === hostname);
                const open = serving.filter(({ originRequest }) => originRequest?.access?.required !== true);
                const demanded = serving.some(({ originRequest }) => originRequest?.access?.audTag?.includes(aud));
                return {
                    ok: open.length === 0 && demanded,
                    detail:
                        open.length > 0
                            ? "an ingress rule demands no token"
                            : demanded
                              ? "by audience tag"
                              : "no rule demands this application's token",
                };
            }),
        ),
        ...target.tunnelIds.map((id) =>
            check("tunnel-is-connected", id, async () => {
                const { name, status } = await askApi<Tunnel>(target.api, `${account}/cfd_tunnel/${id}`);
                const connectors = await askApi<Connector[]>(target.api, `${account}/cfd_tunnel/${id}/connections`);
                return { ok: status === "healthy", detail: `${name} is ${status}, ${connectors.length} connectors` };
            }),
        ),
    ]);
}

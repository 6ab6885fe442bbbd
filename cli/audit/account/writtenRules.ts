import { askApi } from "../../cloudflareApi.ts";
import type { AuditedTunnel, AuditTarget } from "../target.ts";
import type { IngressDocument, IngressRule } from "./ingressRules.ts";

/** Ingress rules as they stand where connectors take them from. */
export interface WrittenRules {
    /** That place, in words. */
    readonly where: string;
    readonly rules: readonly IngressRule[];
}

/** The rules in the file that the stack ships to the connectors of a locally managed tunnel. */
export type ShippedRules = (tunnel: AuditedTunnel) => Promise<readonly IngressRule[]>;

/** All ingress rules of the stack's tunnels, each tunnel's from where it is managed. */
export async function writtenRules(
    { api, accountId, tunnels }: Pick<AuditTarget, "api" | "accountId" | "tunnels">,
    shippedRules: ShippedRules,
): Promise<WrittenRules> {
    const written = await Promise.all(
        tunnels.map(async (tunnel): Promise<WrittenRules> => {
            if (tunnel.management === "local") {
                return { where: "the connectors' file", rules: await shippedRules(tunnel) };
            }
            const path = `/accounts/${accountId}/cfd_tunnel/${tunnel.id}/configurations`;
            const { config } = await askApi<IngressDocument>(api, path);
            return { where: "Cloudflare's document", rules: config?.ingress ?? [] };
        }),
    );
    return {
        where: [...new Set(written.map(({ where }) => where))].join(" and "),
        rules: written.flatMap(({ rules }) => rules),
    };
}

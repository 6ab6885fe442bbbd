import { z } from "zod";
import { invalidRequest, mistakeAt } from "../../http/validation.ts";

const splitTunnel = z
    .strictObject({ address: z.string().optional(), host: z.string().optional(), description: z.string().optional() })
    .refine(
        ({ address, host }) => (address === undefined) !== (host === undefined),
        "gives an address or a host, one of the two",
    );

/** Traffic by its destination: an address or network, or a host name, which may begin with `*.`. */
export type SplitTunnel = z.infer<typeof splitTunnel>;

/** What every device profile has, the default one and those of one's own. */
export const profileFields = {
    allow_mode_switch: z.boolean().optional(),
    allow_updates: z.boolean().optional(),
    allowed_to_leave: z.boolean().optional(),
    auto_connect: z.number().min(0).optional(),
    captive_portal: z.number().min(0).optional(),
    disable_auto_fallback: z.boolean().optional(),
    exclude: z.array(splitTunnel).optional(),
    exclude_office_ips: z.boolean().optional(),
    include: z.array(splitTunnel).optional(),
    lan_allow_minutes: z.number().optional(),
    lan_allow_subnet_size: z.number().optional(),
    register_interface_ip_with_dns: z.boolean().optional(),
    sccm_vpn_boundary_support: z.boolean().optional(),
    service_mode_v2: z.strictObject({ mode: z.string().optional(), port: z.number().optional() }).optional(),
    support_url: z.string().optional(),
    switch_locked: z.boolean().optional(),
    tunnel_protocol: z.string().optional(),
};

type SplitTunnels = { include?: unknown[] | undefined; exclude?: unknown[] | undefined };

/** The two lists after a change: setting one empties the other. @throws ApiError 400 where both are given. */
export function splitTunnelsAfter({ include, exclude }: SplitTunnels): { include?: never[]; exclude?: never[] } {
    if (include !== undefined && exclude !== undefined && include.length > 0 && exclude.length > 0) {
        throw invalidRequest([mistakeAt(["exclude"], "stands beside include; a profile has one of the two lists")]);
    }
    return include !== undefined ? { exclude: [] } : exclude !== undefined ? { include: [] } : {};
}

/** A change that names nothing is refused, as by the API. */
export function refuseEmpty(changes: object): void {
    if (Object.keys(changes).length === 0) {
        throw invalidRequest([mistakeAt([], "the body is empty; name at least one setting")]);
    }
}

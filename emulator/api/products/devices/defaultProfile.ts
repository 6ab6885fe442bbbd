import { z } from "zod";
import { type ApiRequest, accountLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { invalidRequest, mistakeAt } from "../../http/validation.ts";
import { defineTable } from "../../store/store.ts";

const splitTunnel = z
    .strictObject({ address: z.string().optional(), host: z.string().optional(), description: z.string().optional() })
    .refine(
        ({ address, host }) => (address === undefined) !== (host === undefined),
        "gives an address or a host, one of the two",
    );

const change = z.strictObject({
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
});

/** The settings of every device without a profile of its own. The row's id is the account's. */
interface DefaultProfile extends z.infer<typeof change> {
    readonly id: string;
}

const defaultProfiles = defineTable<DefaultProfile>("deviceDefaultProfiles");

/** The default device profile: always there, changed in parts, never deleted. */
export const deviceProfileEndpoints: readonly Endpoint[] = [
    ...endpoints(accountLevel, "GET", "/devices/policy", (request) => ({ result: shown(profileOf(request)) })),
    ...endpoints(accountLevel, "PATCH", "/devices/policy", (request) => {
        const changes = request.body(change);
        if (Object.keys(changes).length === 0) {
            throw invalidRequest([mistakeAt([], "the body is empty; name at least one setting")]);
        }
        const { include, exclude } = changes;
        if (include !== undefined && exclude !== undefined && include.length > 0 && exclude.length > 0) {
            throw invalidRequest([mistakeAt(["exclude"], "stands beside include; a profile has one of the two lists")]);
        }
        const other = include !== undefined ? { exclude: [] } : exclude !== undefined ? { include: [] } : {};
        const row = { ...profileOf(request), ...other, ...changes };
        return { result: shown(request.table(defaultProfiles).put(row)) };
    }),
];

function profileOf(request: ApiRequest): DefaultProfile {
    const { id } = request.scope;
    return request.table(defaultProfiles).get(id) ?? { id, exclude: [], include: [] };
}

function shown({ id, ...settings }: DefaultProfile): unknown {
    return { default: true, enabled: true, gateway_unique_id: id, policy_id: null, fallback_domains: [], ...settings };
}

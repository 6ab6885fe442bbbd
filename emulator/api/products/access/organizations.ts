import { z } from "zod";
import { type ApiRequest, accountOrZoneLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { goDuration } from "../../http/validation.ts";
import { defineTable, type Store } from "../../store/store.ts";
import { accessConflict, accessNotEnabled, invalidAccessRequest } from "./accessErrors.ts";

const loose = z.record(z.string(), z.unknown());

const properties = z.strictObject({
    auth_domain: z
        .string()
        .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.cloudflareaccess\.com$/, "is not <team>.cloudflareaccess.com")
        .optional(),
    name: z.string().max(350).optional(),
    session_duration: goDuration.optional(),
    auto_redirect_to_identity: z.boolean().optional(),
    is_ui_read_only: z.boolean().optional(),
    ui_read_only_toggle_reason: z.string().optional(),
    user_seat_expiration_inactive_time: z.string().optional(),
    warp_auth_session_duration: z
        .string()
        .regex(/^(\d+[mh])+$/, "takes minutes and hours only, for example 24h")
        .optional(),
    allow_authenticate_via_warp: z.boolean().optional(),
    login_design: z
        .strictObject({
            background_color: z.string().optional(),
            text_color: z.string().optional(),
            logo_path: z.string().optional(),
            header_text: z.string().optional(),
            footer_text: z.string().optional(),
        })
        .optional(),
    custom_pages: loose.optional(),
    deny_unmatched_requests: z.boolean().optional(),
    deny_unmatched_requests_exempted_zone_names: z.array(z.string()).optional(),
    strict_service_token_auth: z.boolean().optional(),
    mfa_config: loose.optional(),
    mfa_required_for_all_apps: z.boolean().optional(),
    mfa_ssh_piv_key_requirements: loose.optional(),
});
const creation = properties.required({ auth_domain: true, name: true });

/** The account's (or zone's) Access organization: its team domain and what holds for all applications. */
export interface Organization extends z.infer<typeof properties> {
    /** The scope's id: there is one organization in each, or none. */
    readonly id: string;
    readonly created_at: string;
    readonly updated_at: string;
}

export const organizations = defineTable<Organization>("accessOrganizations");

/** The Access organization. An account of the emulator has one from its start; it cannot be deleted. */
export const organizationEndpoints: readonly Endpoint[] = [
    ...endpoints(accountOrZoneLevel, "GET", "/access/organizations", (request) => ({
        result: shown(organizationOf(request)),
    })),
    ...endpoints(accountOrZoneLevel, "POST", "/access/organizations", (request) => {
        const body = request.body(creation, invalidAccessRequest);
        if (request.table(organizations).get(request.scope.id) !== undefined) {
            throw accessConflict("the organization already exists");
        }
        const now = request.now();
        const row = { ...body, id: request.scope.id, created_at: now, updated_at: now };
        return { result: shown(request.table(organizations).put(row)) };
    }),
    ...endpoints(accountOrZoneLevel, "PUT", "/access/organizations", (request) => {
        const current = organizationOf(request);
        const changes = request.body(properties, invalidAccessRequest);
        const row = { ...current, ...changes, updated_at: request.now() };
        return { result: shown(request.table(organizations).put(row)) };
    }),
];

/** The organization that an account starts with. */
export function addOrganization(store: Store, accountId: string, team: string, now: string): void {
    store.table(accountId, organizations).put({
        id: accountId,
        auth_domain: `${team}.cloudflareaccess.com`,
        name: team,
        created_at: now,
        updated_at: now,
    });
}

function organizationOf(request: ApiRequest): Organization {
    const organization = request.table(organizations).get(request.scope.id);
    if (organization === undefined) {
        throw accessNotEnabled();
    }
    return organization;
}

function shown({ id: _, ...rest }: Organization): unknown {
    return rest;
}

import { z } from "zod";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountOrZoneLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { goDuration, mistakeAt } from "../../http/validation.ts";
import { newAudienceTag, newUuid } from "../../identifiers.ts";
import { accessNotFound, accessQuota, applicationExists, invalidAccessRequest } from "./accessErrors.ts";
import { type AccessApplication, applications } from "./application.ts";
import { attachPolicies, expandPolicies, policyList } from "./applicationPolicies.ts";
import { destination, destinationMistakes, destinationsOf, hostnamesOf, viewsOf } from "./destinations.ts";
import { shortLivedCertificates } from "./shortLivedCertificates.ts";

const applicationTypes = [
    ...["self_hosted", "saas", "ssh", "vnc", "app_launcher", "warp", "biso", "bookmark", "dash_sso", "infrastructure"],
    ...["rdp", "mcp", "mcp_portal", "proxy_endpoint"],
] as const;

const loose = z.record(z.string(), z.unknown());

const body = z.strictObject({
    type: z.enum(applicationTypes).default("self_hosted"),
    name: z.string().max(350).optional(),
    domain: z.string().optional(),
    self_hosted_domains: z.array(z.string()).optional(),
    destinations: z.array(destination).optional(),
    policies: policyList.default([]),
    session_duration: goDuration.optional(),
    allowed_idps: z.array(z.string()).optional(),
    auto_redirect_to_identity: z.boolean().optional(),
    app_launcher_visible: z.boolean().optional(),
    app_launcher_logo_url: z.string().optional(),
    enable_binding_cookie: z.boolean().optional(),
    http_only_cookie_attribute: z.boolean().optional(),
    path_cookie_attribute: z.boolean().optional(),
    same_site_cookie_attribute: z.enum(["strict", "lax", "none", ""]).optional(),
    service_auth_401_redirect: z.boolean().optional(),
    skip_interstitial: z.boolean().optional(),
    skip_app_launcher_login_page: z.boolean().optional(),
    options_preflight_bypass: z.boolean().optional(),
    allow_iframe: z.boolean().optional(),
    allow_authenticate_via_warp: z.boolean().optional(),
    custom_deny_message: z.string().optional(),
    custom_deny_url: z.string().optional(),
    custom_non_identity_deny_url: z.string().optional(),
    custom_pages: z.array(z.string()).optional(),
    logo_url: z.string().optional(),
    bg_color: z.string().optional(),
    header_bg_color: z.string().optional(),
    footer_links: z.array(loose).optional(),
    tags: z.array(z.string()).optional(),
    cors_headers: loose.optional(),
    read_service_tokens_from_header: z.string().optional(),
    mfa_config: loose.optional(),
    oauth_configuration: loose.optional(),
    saas_app: loose.optional(),
    scim_config: loose.optional(),
    landing_page_design: loose.optional(),
    target_criteria: z
        .array(
            z.strictObject({
                port: z.int().min(1).max(65535),
                protocol: z.enum(["SSH", "RDP"]),
                target_attributes: z.record(z.string(), z.array(z.string())),
            }),
        )
        .optional(),
});

/** Types that stand on hostnames or private addresses of their own. */
const hostedTypes = new Set(["self_hosted", "ssh", "vnc", "rdp"]);

type Made = Omit<AccessApplication, "id" | "aud" | "created_at" | "updated_at">;

/** Access applications, of an account or of a zone. */
export const accessApplicationEndpoints: readonly Endpoint[] = [
    ...collection<AccessApplication>({
        table: applications,
        at: accountOrZoneLevel,
        path: "/access/apps",
        idParam: ":app_id",
        pageSizes: { default: 25, max: 1000 },
        notFound: accessNotFound,
        quota: { limit: 500, exceeded: accessQuota("applications") },
        create: (request) => {
            const now = request.now();
            const made = makeApplication(request);
            return { ...made, id: newUuid(), aud: newAudienceTag(), created_at: now, updated_at: now };
        },
        update: (request, current) => ({
            ...makeApplication(request, current.id),
            id: current.id,
            aud: current.aud,
            created_at: current.created_at,
            updated_at: request.now(),
        }),
        beforeDelete: (request, { id }) => request.table(shortLivedCertificates).delete(id),
        present,
        list: (request, rows) => rows.filter(applicationFilter(request)),
    }),
    ...endpoints(accountOrZoneLevel, "POST", "/access/apps/:app_id/revoke_tokens", (request) => {
        if (request.table(applications).get(request.param("app_id")) === undefined) {
            throw accessNotFound();
        }
        return { result: {} };
    }),
];

function makeApplication(request: ApiRequest, ownId?: string): Made {
    const { type, name, domain, self_hosted_domains, destinations, policies, ...rest } = request.body(
        body,
        invalidAccessRequest,
    );
    const places = destinationsOf({ domain, self_hosted_domains, destinations });
    const mistakes = destinationMistakes(places);
    if (hostedTypes.has(type) && places.length === 0) {
        mistakes.push(mistakeAt(["domain"], `is missing; an application of type ${type} needs a hostname`));
    }
    if (type === "infrastructure" && !rest.target_criteria?.length) {
        mistakes.push(mistakeAt(["target_criteria"], "is missing; an infrastructure application needs targets"));
    }
    if (mistakes.length > 0) {
        throw invalidAccessRequest(mistakes);
    }
    refuseTakenHostnames(request, hostnamesOf(places), ownId);
    return {
        type,
        name: name ?? domain ?? type,
        policies: attachPolicies(request, policies),
        destinations: places,
        settings: domain === undefined ? rest : { ...rest, domain },
    };
}

function present(application: AccessApplication, request: ApiRequest): unknown {
    const { id, aud, type, name, created_at, updated_at } = application;
    const { domain, ...settings } = application.settings;
    return {
        ...settings,
        id,
        uid: id,
        aud,
        type,
        name,
        created_at,
        updated_at,
        ...viewsOf(application.destinations, typeof domain === "string" ? domain : undefined),
        policies: expandPolicies(request, application.policies),
    };
}

/** One hostname (with its path) belongs to one application. */
function refuseTakenHostnames(request: ApiRequest, hostnames: readonly string[], ownId: string | undefined): void {
    const wanted = new Set(hostnames.map(comparable));
    const taken = request
        .table(applications)
        .find(
            ({ id, destinations }) =>
                id !== ownId && hostnamesOf(destinations).some((name) => wanted.has(comparable(name))),
        );
    if (taken !== undefined) {
        throw applicationExists();
    }
}

const comparable = (hostname: string): string => hostname.toLowerCase().replace(/\/$/, "");

function applicationFilter(request: ApiRequest): (application: AccessApplication) => boolean {
    const { query } = request;
    const [name, domain, aud, search] = ["name", "domain", "aud", "search"].map((key) => query.get(key)?.toLowerCase());
    return (application) => {
        const hostnames = hostnamesOf(application.destinations).map((hostname) => hostname.toLowerCase());
        const ownName = application.name.toLowerCase();
        return (
            (name ?? ownName) === ownName &&
            (domain === undefined || hostnames.includes(domain)) &&
            (aud ?? application.aud) === application.aud &&
            (search === undefined || [ownName, ...hostnames].some((value) => value.includes(search)))
        );
    };
}

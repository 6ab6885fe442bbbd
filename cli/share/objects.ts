import { ApiRefusal, askApi } from "../cloudflareApi.ts";
import type { ShareRequest } from "./request.ts";
import type { ShareTarget } from "./target.ts";
import { isShareTitle, TITLE_PREFIX } from "./title.ts";

/** What a share makes in the account, in the order in which it is taken away: the name first, its guard last. */
export const REMOVAL_ORDER = ["record", "tunnel", "application"] as const;
export type ObjectKind = (typeof REMOVAL_ORDER)[number];

/** Something of a share that is in the account. */
export interface ShareObject {
    readonly kind: ObjectKind;
    readonly id: string;
    /** Name of the share that it belongs to. */
    readonly title: string;
}

const MOST = 1000;

/** Where objects of a kind are, and how they carry their title. */
function places({ accountId, zone }: ShareTarget) {
    const applications = `/accounts/${accountId}/access/apps`;
    const tunnels = `/accounts/${accountId}/cfd_tunnel`;
    const records = `/zones/${zone.id}/dns_records`;
    return {
        application: { at: applications, list: `${applications}?per_page=${MOST}`, title: "name", suffix: "" },
        tunnel: {
            at: tunnels,
            list: `${tunnels}?is_deleted=false&include_prefix=${TITLE_PREFIX}&per_page=${MOST}`,
            title: "name",
            // As cloudflared deletes one: connections that are still there do not keep it.
            suffix: "?cascade=true",
        },
        record: {
            at: records,
            list: `${records}?comment.startswith=${TITLE_PREFIX}&per_page=${MOST}`,
            title: "comment",
            suffix: "",
        },
    } as const;
}

/** Everything of any share that is in the account and zone. */
export async function listShareObjects(target: ShareTarget): Promise<ShareObject[]> {
    const lists = REMOVAL_ORDER.map(async (kind): Promise<ShareObject[]> => {
        const { list, title } = places(target)[kind];
        const found = await askApi<({ id: string } & Record<string, unknown>)[]>(target.api, list);
        return found.flatMap((object) => {
            const name = String(object[title] ?? "");
            return isShareTitle(name) ? [{ kind, id: object.id, title: name }] : [];
        });
    });
    return (await Promise.all(lists)).flat();
}

/** Takes an object away; one that is gone already is well. */
export async function removeShareObject(target: ShareTarget, { kind, id }: ShareObject): Promise<void> {
    const { at, suffix } = places(target)[kind];
    try {
        await askApi(target.api, `${at}/${id}${suffix}`, "DELETE");
    } catch (error) {
        if (!(error instanceof ApiRefusal && error.status === 404)) {
            throw error;
        }
    }
}

/** The guard: nobody enters but who is named, and no login outlasts the share. */
export async function createApplication(
    target: ShareTarget,
    title: string,
    { hostname, emails, emailDomains, duration }: ShareRequest,
): Promise<{ id: string; aud: string }> {
    const include = [
        ...emails.map((email) => ({ email: { email } })),
        ...emailDomains.map((domain) => ({ email_domain: { domain } })),
    ];
    return askApi(target.api, places(target).application.at, "POST", {
        type: "self_hosted",
        name: title,
        domain: hostname,
        session_duration: duration,
        app_launcher_visible: false,
        http_only_cookie_attribute: true,
        policies: [{ name: title, decision: "allow", include, precedence: 1, session_duration: duration }],
    });
}

export async function createTunnel(target: ShareTarget, title: string, secret: string): Promise<{ id: string }> {
    const body = { name: title, config_src: "cloudflare", tunnel_secret: secret };
    return askApi(target.api, places(target).tunnel.at, "POST", body);
}

/** The one way through the tunnel: to the application, for requests that Access has let in, as the connector itself checks. */
export async function configureTunnel(
    target: ShareTarget,
    tunnelId: string,
    audience: string,
    { hostname, origin }: ShareRequest,
): Promise<void> {
    const access = { required: true, teamName: target.team, audTag: [audience] };
    // Development servers refuse requests for a host that they do not know; the public name goes along as X-Forwarded-Host.
    const originRequest = { access, httpHostHeader: origin.host };
    const ingress = [{ hostname, service: origin.origin, originRequest }, { service: "http_status:404" }];
    await askApi(target.api, `${places(target).tunnel.at}/${tunnelId}/configurations`, "PUT", { config: { ingress } });
}

/** The name itself, last of all. */
export async function createRecord(
    target: ShareTarget,
    title: string,
    tunnelId: string,
    hostname: string,
): Promise<{ id: string }> {
    return askApi(target.api, places(target).record.at, "POST", {
        type: "CNAME",
        name: hostname,
        content: `${tunnelId}.cfargotunnel.com`,
        proxied: true,
        ttl: 1,
        comment: title,
    });
}

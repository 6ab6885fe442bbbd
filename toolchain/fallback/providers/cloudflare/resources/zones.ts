/** Zones and what is in them, and notifications. */
import type { CheckFailure, PropertyMap } from "../../../plugin/provider.ts";
import { NOTIFICATION_POLICY } from "../naming.ts";
import { type RestResource, words } from "../restResource.ts";

const AUTOMATIC_TTL = 1;

/** The API leaves these out while they are false; the provider writes them out in an update. */
const CNAME_SETTINGS = { flattenCname: false, ipv4Only: false, ipv6Only: false };

/** The provider refuses it itself: the edge answers for a proxied record, with a time to live of its own. */
function proxiedTtl({ proxied, ttl }: PropertyMap): CheckFailure[] {
    return proxied === true && typeof ttl === "number" && ttl !== AUTOMATIC_TTL
        ? [{ property: "ttl", reason: `'${ttl}' cannot go with 'proxied: true'; write ${AUTOMATIC_TTL} (automatic)` }]
        : [];
}

export const zones: Readonly<Record<string, RestResource>> = {
    DnsRecord: {
        path: "zones/{zoneId}/dns_records",
        update: "PUT",
        inputs: words("comment content data name priority privateRouting proxied settings tags ttl type zoneId"),
        outputs: words("commentModifiedOn createdOn meta modifiedOn proxiable tagsModifiedOn"),
        filledIn: ["tags"],
        replaceOnChange: words("type zoneId"),
        changing: ["modifiedOn"],
        jsonText: ["meta"],
        defaults: () => ({ proxied: false }),
        updateDefaults: ({ type }) => ({ tags: [], ...(type === "CNAME" && { settings: CNAME_SETTINGS }) }),
        check: proxiedTtl,
    },
    ArgoSmartRouting: {
        path: "zones/{zoneId}/argo/smart_routing",
        single: true,
        id: "zoneId",
        create: "PATCH",
        update: "PATCH",
        delete: false,
        inputs: words("value zoneId"),
        outputs: words("editable modifiedOn"),
        replaceOnChange: ["zoneId"],
    },
    NotificationPolicy: {
        path: "accounts/{accountId}/alerting/v3/policies",
        update: "PUT",
        naming: NOTIFICATION_POLICY,
        inputs: words("accountId alertInterval alertType description enabled filters mechanisms name"),
        outputs: words("created modified"),
        replaceOnChange: ["accountId"],
        changing: ["modified"],
        defaults: () => ({ enabled: true }),
    },
    Zone: {
        path: "zones",
        update: "PATCH",
        inputs: words("account name paused type vanityNameServers"),
        outputs: words(
            "activatedOn cnameSuffix createdOn developmentMode meta modifiedOn nameServers originalDnshost " +
                "originalNameServers originalRegistrar owner permissions plan status tenant tenantUnit verificationKey",
        ),
        filledIn: words("paused vanityNameServers"),
        replaceOnChange: words("account name"),
        defaults: () => ({ type: "full" }),
    },
};

import { EXCLUSIVE_RECORDS } from "../swarm/ownership.ts";

/** How the objects of one type are told apart, in the API's words. */
export interface Kind {
    /** What a person calls one of them. */
    readonly noun: string;
    /** Members that say where it stands: two objects that agree in all of them cannot both be the one that the program means. */
    readonly place: readonly string[];
    /** Members that, beside the place, only this stack would have said just so; with them nothing else has to prove whose it is. */
    readonly proof?: readonly string[];
    /** Whatever the program says of it is enough to know it again, where all of it is known and agrees. */
    readonly isKnownByContents?: boolean;
    /** Further members by which others name it, beside its id. */
    readonly alsoNamed?: readonly string[];
    /** Where more is told of it than in its list, below the object itself. */
    readonly detail?: string;
    /** What the API does not tell again once it is made, so that it has to be made anew. */
    readonly lost?: string;
    /** Asked for with the list. */
    readonly query?: string;
    /** Whether an object in the same place keeps the program from making its own; every one does where omitted. */
    readonly isRival?: (object: ApiObject) => boolean;
}

/** An object as the API tells it. */
export type ApiObject = Readonly<Record<string, unknown>>;

const named = (noun: string, more: Partial<Kind> = {}): Kind => ({ noun, place: ["name"], ...more });
const described = (noun: string, more: Partial<Kind> = {}): Kind => named(noun, { isKnownByContents: true, ...more });

/** What was deleted stays in some lists. */
const PRESENT = { query: "is_deleted=false" };

/** By class of `@pulumi/cloudflare`. Settings of an account or zone are in none of these: to make them is to set them, as often as one likes. */
const KINDS: Readonly<Record<string, Kind>> = {
    ZeroTrustTunnelCloudflared: named("tunnel", { detail: "configurations", ...PRESENT }),
    // Its name begins with the stack's, its domain is a host name of the stack: nobody else says both.
    ZeroTrustAccessApplication: {
        noun: "Access application",
        place: ["domain"],
        proof: ["name", "type"],
        alsoNamed: ["aud"],
    },
    ZeroTrustAccessPolicy: described("Access policy"),
    ZeroTrustAccessGroup: described("Access group"),
    ZeroTrustAccessTag: described("Access tag"),
    ZeroTrustAccessMtlsCertificate: described("client certificate authority"),
    ZeroTrustAccessServiceToken: named("service token", { lost: "its secret" }),
    ZeroTrustAccessIdentityProvider: named("identity provider"),
    ZeroTrustAccessInfrastructureTarget: { noun: "infrastructure target", place: ["hostname"] },
    ZeroTrustAccessShortLivedCertificate: { noun: "short-lived certificate authority", place: [] },
    ZeroTrustDevicePostureRule: described("device posture rule"),
    ZeroTrustDeviceCustomProfile: described("device profile"),
    ZeroTrustGatewayPolicy: described("Gateway rule"),
    ZeroTrustList: described("Gateway list"),
    ZeroTrustTunnelCloudflaredRoute: { noun: "private network route", place: ["network"], ...PRESENT },
    ZeroTrustNetworkHostnameRoute: { noun: "private hostname route", place: ["hostname"], ...PRESENT },
    ZeroTrustTunnelCloudflaredVirtualNetwork: described("virtual network", PRESENT),
    NotificationPolicy: described("notification"),
    DnsRecord: { noun: "DNS record", place: ["name"], isRival: ({ type }) => EXCLUSIVE_RECORDS.has(String(type)) },
};

/** The kind of a resource type; undefined for one of which nothing has to be looked for. */
export function kindOf(type: string): Kind | undefined {
    const name = /^cloudflare:.*:(\w+)$/.exec(type)?.[1] ?? "";
    return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

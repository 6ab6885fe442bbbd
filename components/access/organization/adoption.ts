import type { GetZeroTrustOrganizationResult } from "@pulumi/cloudflare/getZeroTrustOrganization.js";
import type { ZeroTrustOrganizationArgs } from "@pulumi/cloudflare/zeroTrustOrganization.js";
import type * as pulumi from "@pulumi/pulumi";
import { lateProblem } from "../../internal/problems.ts";
import type { AccessOrganizationArgs } from "../accessOrganization.ts";

/** What the API says of the organization; a preview without a network knows nothing. */
export type CurrentOrganization = Partial<GetZeroTrustOrganizationResult>;

/** Settings that the official provider sends as `false` where they are left out, and that are therefore always written. */
const SWITCHES = ["allowAuthenticateViaWarp", "autoRedirectToIdentity", "isUiReadOnly"] as const;

/** Settings that nobody names here and that a whole update would lose: they are written back as they were read. */
const KEPT = [
    "customPages",
    "denyUnmatchedRequests",
    "denyUnmatchedRequestsExemptedZoneNames",
    "mfaConfig",
    "mfaRequiredForAllApps",
    "mfaSshPivKeyRequirements",
] as const;

/**
 * The whole organization: what the user names, and the rest as it is.
 *
 * What is named is written plainly, so that a preview shows it although the present organization is not known yet.
 */
export function adopted(
    name: string,
    args: AccessOrganizationArgs,
    current: pulumi.Output<CurrentOrganization>,
): ZeroTrustOrganizationArgs {
    const authDomain = `${args.team}.cloudflareaccess.com`;
    const checked = current.apply((organization) => {
        const { authDomain: actual } = organization;
        if (actual !== undefined && actual !== authDomain) {
            const reason = `is "${args.team}", and the organization of this account is ${actual}. Write the first label of that domain.`;
            throw lateProblem("AccessOrganization", name, "team", reason);
        }
        return organization;
    });
    const keep = <Key extends keyof CurrentOrganization>(key: Key) => checked.apply((now) => filled(now[key]));
    const named = {
        name: args.organizationName,
        sessionDuration: args.sessionDuration,
        autoRedirectToIdentity: args.autoRedirectToIdentity,
        isUiReadOnly: args.readOnlyDashboard,
        uiReadOnlyToggleReason: args.readOnlyReason,
        userSeatExpirationInactiveTime: args.seatExpiration,
        allowAuthenticateViaWarp: args.allowAuthenticateViaWarp,
        warpAuthSessionDuration: args.warpSessionDuration,
    };
    const settings = Object.fromEntries(
        Object.entries(named).map(([key, value]) => [key, value ?? keep(key as keyof typeof named)]),
    );
    const switches = Object.fromEntries(
        SWITCHES.map((key) => [key, named[key] ?? checked.apply((now) => now[key] ?? false)]),
    );
    return {
        // Known only once the account's own is seen to be the same.
        authDomain: checked.apply(() => authDomain),
        ...settings,
        ...switches,
        loginDesign: loginDesign(args, checked),
        ...Object.fromEntries(KEPT.map((key) => [key, keep(key)])),
    };
}

function loginDesign({ loginPage = {} }: AccessOrganizationArgs, current: pulumi.Output<CurrentOrganization>) {
    const { logoUrl, ...rest } = loginPage;
    const named = filled({ ...rest, logoPath: logoUrl });
    return current.apply(({ loginDesign: now }) => filled({ ...filled(now), ...named }));
}

/** Without what is empty, which the API leaves out: `undefined` where nothing remains. */
function filled<T>(value: T): T | undefined {
    if (value === undefined || value === null || value === "" || value === false) return undefined;
    if (Array.isArray(value)) return value.length === 0 ? undefined : value;
    if (typeof value !== "object") return value;
    const members = Object.entries(value).filter(([, member]) => filled(member) !== undefined);
    return members.length === 0 ? undefined : (Object.fromEntries(members) as T);
}

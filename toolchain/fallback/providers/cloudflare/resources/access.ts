/** Access: applications, policies, groups, identity providers, tokens, certificates. */
import type { PropertyMap } from "../../../plugin/provider.ts";
import { type RestResource, words } from "../restResource.ts";

const ACCOUNT_OR_ZONE = words("accountId zoneId");
const RULES = words("excludes includes requires");

/** Types of application that people open in a browser or client of their own; the provider sets these for them. */
const BROWSED = new Set<unknown>(words("self_hosted ssh vnc rdp"));

function applicationDefaults({ type = "self_hosted", landingPageDesign }: PropertyMap): PropertyMap {
    const byType: PropertyMap = BROWSED.has(type)
        ? { appLauncherVisible: true, httpOnlyCookieAttribute: true, sessionDuration: "24h" }
        : type === "app_launcher"
          ? { skipAppLauncherLoginPage: false }
          : {};
    return landingPageDesign === undefined ? byType : { ...byType, landingPageDesign: withTitle(landingPageDesign) };
}

function withTitle(design: PropertyMap[string]): PropertyMap[string] {
    return typeof design === "object" && design !== null && !Array.isArray(design)
        ? { title: "Welcome!", ...design }
        : design;
}

export const access: Readonly<Record<string, RestResource>> = {
    ZeroTrustAccessApplication: {
        path: "{scope}/access/apps",
        update: "PUT",
        inputs: words(
            "accountId allowAuthenticateViaWarp allowIframe allowedIdps appLauncherLogoUrl appLauncherVisible " +
                "autoRedirectToIdentity bgColor corsHeaders customDenyMessage customDenyUrl customNonIdentityDenyUrl " +
                "customPages destinations domain enableBindingCookie footerLinks headerBgColor httpOnlyCookieAttribute " +
                "landingPageDesign logoUrl mfaConfig name oauthConfiguration optionsPreflightBypass pathCookieAttribute " +
                "policies readServiceTokensFromHeader saasApp sameSiteCookieAttribute scimConfig selfHostedDomains " +
                "serviceAuth401Redirect sessionDuration skipAppLauncherLoginPage skipInterstitial tags targetCriterias " +
                "type zoneId",
        ),
        outputs: ["aud"],
        // Three views of one thing: whoever sets one of them has the API work out the others.
        filledIn: words("destinations domain selfHostedDomains"),
        refilledOnChange: words("destinations domain selfHostedDomains"),
        replaceOnChange: ACCOUNT_OR_ZONE,
        secrets: ["saasApp.clientSecret"],
        writeOnly: ["saasApp.clientSecret"],
        watched: ["policies"],
        defaults: applicationDefaults,
    },
    ZeroTrustAccessPolicy: {
        path: "accounts/{accountId}/access/policies",
        update: "PUT",
        inputs: words(
            "accountId approvalGroups approvalRequired connectionRules decision excludes includes isolationRequired " +
                "mfaConfig name purposeJustificationPrompt purposeJustificationRequired requires sessionDuration",
        ),
        replaceOnChange: ["accountId"],
        watched: RULES,
        defaults: () => ({ sessionDuration: "24h" }),
    },
    ZeroTrustAccessGroup: {
        path: "{scope}/access/groups",
        update: "PUT",
        inputs: words("accountId excludes includes isDefault name requires zoneId"),
        replaceOnChange: ACCOUNT_OR_ZONE,
        watched: RULES,
    },
    ZeroTrustAccessIdentityProvider: {
        path: "{scope}/access/identity_providers",
        update: "PUT",
        inputs: words("accountId config name scimConfig type zoneId"),
        filledIn: ["scimConfig"],
        filledInside: words("scimConfig.scimBaseUrl scimConfig.secret"),
        replaceOnChange: [...ACCOUNT_OR_ZONE, "type"],
        secrets: words("config.clientSecret scimConfig.secret"),
        toldOnce: ["scimConfig.secret"],
        writeOnly: words("config.clientSecret scimConfig.secret"),
        updateDefaults: () => ({ scimConfig: {} }),
    },
    ZeroTrustAccessServiceToken: {
        path: "{scope}/access/service_tokens",
        update: "PUT",
        inputs: words("accountId clientSecretVersion duration name previousClientSecretExpiresAt zoneId"),
        outputs: words("clientId clientSecret expiresAt"),
        replaceOnChange: ACCOUNT_OR_ZONE,
        changing: words("clientSecret expiresAt"),
        secrets: ["clientSecret"],
        toldOnce: ["clientSecret"],
        writeOnly: ["clientSecret"],
        defaults: () => ({ clientSecretVersion: 1, duration: "8760h" }),
    },
    ZeroTrustAccessMtlsCertificate: {
        path: "{scope}/access/certificates",
        update: "PUT",
        inputs: words("accountId associatedHostnames certificate name zoneId"),
        outputs: words("expiresOn fingerprint"),
        replaceOnChange: [...ACCOUNT_OR_ZONE, "certificate"],
        createOnly: ["certificate"],
        emptyBeforeDelete: "associated_hostnames",
        defaults: () => ({ associatedHostnames: [] }),
    },
    ZeroTrustAccessMtlsHostnameSettings: {
        path: "{scope}/access/certificates/settings",
        single: true,
        create: "PUT",
        update: "PUT",
        delete: false,
        inputs: words("accountId settings zoneId"),
        // The official provider asks for the list and keeps its own all the same: the answer is no object.
        writeOnly: ["settings"],
    },
    ZeroTrustAccessShortLivedCertificate: {
        path: "{scope}/access/apps/{appId}/ca",
        single: true,
        inputs: words("accountId appId zoneId"),
        outputs: words("aud publicKey"),
    },
    ZeroTrustAccessInfrastructureTarget: {
        path: "accounts/{accountId}/infrastructure/targets",
        update: "PUT",
        inputs: words("accountId hostname ip"),
        outputs: words("createdAt modifiedAt"),
        replaceOnChange: ["accountId"],
        changing: ["modifiedAt"],
    },
    ZeroTrustAccessTag: {
        path: "accounts/{accountId}/access/tags",
        id: "name",
        inputs: words("accountId name"),
    },
    ZeroTrustAccessCustomPage: {
        path: "accounts/{accountId}/access/custom_pages",
        id: "uid",
        update: "PUT",
        inputs: words("accountId customHtml name type"),
        outputs: ["uid"],
        replaceOnChange: ["accountId"],
        writeOnly: ["customHtml"],
    },
    ZeroTrustOrganization: {
        path: "{scope}/access/organizations",
        single: true,
        create: "PUT",
        update: "PUT",
        delete: false,
        inputs: words(
            "accountId allowAuthenticateViaWarp authDomain autoRedirectToIdentity customPages denyUnmatchedRequests " +
                "denyUnmatchedRequestsExemptedZoneNames isUiReadOnly loginDesign mfaConfig mfaConfigurationAllowed " +
                "mfaRequiredForAllApps mfaSshPivKeyRequirements name sessionDuration uiReadOnlyToggleReason " +
                "userSeatExpirationInactiveTime warpAuthSessionDuration zoneId",
        ),
        replaceOnChange: ACCOUNT_OR_ZONE,
        defaults: () => ({ allowAuthenticateViaWarp: false, autoRedirectToIdentity: false, isUiReadOnly: false }),
    },
};

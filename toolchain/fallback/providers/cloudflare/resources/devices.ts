/** Devices and Gateway: posture, profiles, rules, lists. */
import { type RestResource, words } from "../restResource.ts";

const PROFILE_INPUTS = words(
    "accountId allowModeSwitch allowUpdates allowedToLeave autoConnect captivePortal disableAutoFallback excludeOfficeIps " +
        "excludes includes lanAllowMinutes lanAllowSubnetSize registerInterfaceIpWithDns sccmVpnBoundarySupport " +
        "serviceModeV2 supportUrl switchLocked tunnelProtocol",
);

const PROFILE_DEFAULTS = {
    allowModeSwitch: false,
    allowUpdates: false,
    allowedToLeave: true,
    autoConnect: 0,
    captivePortal: 180,
    disableAutoFallback: false,
    excludeOfficeIps: false,
    registerInterfaceIpWithDns: true,
    sccmVpnBoundarySupport: false,
    supportUrl: "",
    switchLocked: false,
    tunnelProtocol: "",
};

export const devices: Readonly<Record<string, RestResource>> = {
    ZeroTrustDevicePostureRule: {
        path: "accounts/{accountId}/devices/posture",
        update: "PUT",
        inputs: words("accountId description expiration input matches name schedule type"),
        replaceOnChange: ["accountId"],
    },
    ZeroTrustDevicePostureIntegration: {
        path: "accounts/{accountId}/devices/posture/integration",
        update: "PATCH",
        inputs: words("accountId config interval name type"),
        replaceOnChange: ["accountId"],
        secrets: words("config.clientSecret config.clientKey config.accessClientSecret"),
        writeOnly: words("config.clientSecret config.clientKey config.accessClientSecret"),
    },
    ZeroTrustDeviceDefaultProfile: {
        path: "accounts/{accountId}/devices/policy",
        single: true,
        id: "accountId",
        create: "PATCH",
        update: "PATCH",
        delete: false,
        inputs: PROFILE_INPUTS,
        outputs: words("default enabled fallbackDomains gatewayUniqueId policyId"),
        filledIn: words("excludes includes"),
        refilledOnChange: words("excludes includes"),
        replaceOnChange: ["accountId"],
        defaults: () => PROFILE_DEFAULTS,
    },
    ZeroTrustDeviceCustomProfile: {
        path: "accounts/{accountId}/devices/policy",
        listPath: "accounts/{accountId}/devices/policies",
        id: "policyId",
        update: "PATCH",
        inputs: [...PROFILE_INPUTS, ...words("description enabled match name precedence")],
        outputs: words("default fallbackDomains gatewayUniqueId policyId targetTests"),
        filledIn: words("enabled excludes includes precedence"),
        refilledOnChange: words("excludes includes"),
        replaceOnChange: ["accountId"],
        defaults: () => PROFILE_DEFAULTS,
    },
    ZeroTrustGatewayPolicy: {
        path: "accounts/{accountId}/gateway/rules",
        update: "PUT",
        inputs: words(
            "accountId action description devicePosture enabled expiration filters identity name precedence " +
                "ruleSettings schedule traffic",
        ),
        outputs: words("createdAt deletedAt readOnly sharable sourceAccount updatedAt version warningStatus"),
        filledIn: words("filters precedence"),
        replaceOnChange: ["accountId"],
        changing: words("updatedAt version"),
        defaults: () => ({ description: "", devicePosture: "", enabled: false, identity: "", traffic: "" }),
    },
    ZeroTrustList: {
        path: "accounts/{accountId}/gateway/lists",
        update: "PUT",
        inputs: words("accountId description items name type"),
        outputs: words("createdAt listCount updatedAt"),
        replaceOnChange: words("accountId type"),
        changing: words("listCount updatedAt"),
    },
};

import { everyArgument } from "./changedArguments.ts";

/** Each property that is given a second value, by the resource that has it: all of them change in place. */
export const CHANGED_IN_PLACE: Readonly<Record<string, readonly string[]>> = {
    "agent-linux": ["description", "expiration", "input", "name"],
    "alert-policy": ["filters", "name"],
    "bastion-application": ["sessionDuration"],
    "blue-token": ["clientSecretVersion", "duration", "previousClientSecretExpiresAt"],
    "cache-application": ["name", "policies", "sessionDuration"],
    "certificate-windows": ["schedule"],
    "cluster-application": ["name", "policies", "sessionDuration"],
    "cluster-ingress-config": ["config"],
    "cluster-tunnel-tunnel": ["name", "tunnelSecret"],
    "console-application": ["name", "policies", "sessionDuration"],
    "contractors-machines": ["includes", "name", "requires"],
    "contractors-people": ["includes", "name", "requires"],
    "db-application": ["sessionDuration"],
    "deployer-token": ["clientSecretVersion", "name", "previousClientSecretExpiresAt"],
    "desk-application": ["sessionDuration"],
    "devices-profile": ["description", "name", "precedence"],
    "disk-mac": ["schedule"],
    "disk-windows": ["schedule"],
    "encrypted-linux": ["description", "expiration", "input", "name"],
    "entra-provider": ["config"],
    "forwarding-settings": ["settings"],
    "github-provider": ["config"],
    "google-provider": ["config"],
    "green-token": ["clientSecretVersion", "duration", "previousClientSecretExpiresAt"],
    "guests-people": ["approvalGroups"],
    "joined-windows": ["description", "expiration", "input", "name"],
    "jump-application": ["policies", "sessionDuration"],
    "keyring-linux": ["description", "expiration", "input", "name"],
    "lab-traffic-staff": ["traffic"],
    "laptops-profile": ["allowedToLeave", "excludes", "match", "switchLocked"],
    "left-tunnel": ["tunnelSecret"],
    "link-token-token": ["clientSecretVersion", "duration"],
    "local-ingress-local.example.com": ["comment"],
    "machines-certificate": ["associatedHostnames", "name"],
    "office-10.20.0.0/16": ["comment"],
    "office-fd00:20::/48": ["comment"],
    "office-lookup": ["description", "name", "precedence"],
    "office-lookup-oncall": ["description", "name", "precedence"],
    "office-lookup-staff": ["description", "name", "precedence"],
    "office-traffic": ["description", "name", "precedence"],
    "office-traffic-oncall": ["description", "name", "precedence"],
    "office-traffic-staff": ["description", "name", "precedence", "traffic"],
    "office-wiki.internal.example": ["comment"],
    "oidc-provider": ["config"],
    "okta-provider": ["config", "scimConfig"],
    "organization-settings": [
        "allowAuthenticateViaWarp",
        "autoRedirectToIdentity",
        "isUiReadOnly",
        "loginDesign",
        "name",
        "sessionDuration",
        "uiReadOnlyToggleReason",
        "userSeatExpirationInactiveTime",
        "warpAuthSessionDuration",
    ],
    "phone-ios": ["description", "expiration", "input", "name"],
    "phones-profile": ["allowedToLeave", "includes", "match", "switchLocked"],
    "pin-provider": ["name"],
    "right-tunnel": ["tunnelSecret"],
    "saml-provider": ["config"],
    "scanner-windows": ["description", "expiration", "input", "name"],
    "serial-linux": ["description", "expiration", "input", "name"],
    "shop-lookup": ["traffic"],
    "shop-lookup-staff": ["traffic"],
    "shop-traffic": ["traffic"],
    "shop-traffic-staff": ["traffic"],
    "shop-web-687307ed0c-config": ["config"],
    "shop-web-687307ed0c-shop-dev.example.com": ["comment"],
    "shop-web-687307ed0c-shop-dev.example.com-application": ["name"],
    "shop-web-687307ed0c-tunnel": ["name"],
    "staff-people": ["excludes", "includes", "purposeJustificationPrompt", "requires", "sessionDuration"],
    "stall-10.60.0.0/16": ["tunnelId"],
    "system-mac": ["input", "schedule"],
    "tunnel-tunnel": ["name", "tunnelSecret"],
    "warp-linux": ["schedule"],
    "watch-policy": ["filters", "mechanisms"],
    "workspace-provider": ["config"],
    "zone-smart-routing": ["value"],
};

/** What cannot change, and the property for which a new one takes its place. Keys and certificates are made anew by their nature. */
export const REPLACED: Readonly<Record<string, readonly string[]>> = {
    "cluster-application": ["domain"],
    "cluster-tunnel-tunnel": ["configSrc", "name"],
    "console-application": ["domain"],
    "db-application": ["domain"],
    "google-provider": ["config", "type"],
    "link-app-application": ["domain"],
    "local-tunnel": ["configSrc", "name"],
    "machines-certificate": ["certificate"],
    "warp-linux": ["type"],
};

/** The same for the Docker engine. */
export const CHANGED_IN_DOCKER: Readonly<Record<string, readonly string[]>> = {
    "connector-service": ["labels", "taskSpec"],
    "other-connector-service": ["labels", "taskSpec"],
    "shop-web-687307ed0c-service": ["labels", "taskSpec"],
};

/** What a Swarm or a container keeps as it was made: configs, secrets, uploaded files and commands come anew, under another name. */
export const CONTENT_IN_DOCKER: Readonly<Record<string, readonly string[]>> = {
    "client-client": ["command", "memory"],
    "client-token-writer": ["uploads"],
    "connector-credentials": ["labels"],
    "connector-edge-ca": ["data", "labels"],
    "connector-ingress": ["data", "labels"],
    "connector-origin-ca": ["data", "labels"],
    "other-connector-credentials": ["labels"],
    "proxy-certificate-0": ["data", "labels"],
    "proxy-dynamic": ["data", "labels"],
    "proxy-key-0": ["data", "labels"],
    "proxy-service": ["labels", "taskSpec"],
    "proxy-static": ["data", "labels"],
    "shop-web-687307ed0c-credentials": ["labels"],
    "shop-web-687307ed0c-edge-ca": ["data", "labels"],
};

/** Networks of a service and what a container shares with another are settled when it is made. */
export const REPLACED_IN_DOCKER: Readonly<Record<string, readonly string[]>> = {
    "client-client": ["command", "image", "labels", "networkMode", "volumes"],
    "client-token": ["labels"],
    "client-token-writer": ["image", "labels", "volumes"],
    "connector-credentials": ["data"],
    "connector-edge-ca": ["data"],
    "connector-origin-ca": ["data"],
    "connector-service": ["taskSpec"],
    "other-connector-credentials": ["data"],
    "other-connector-service": ["taskSpec"],
    "proxy-certificate-0": ["data"],
    "proxy-service": ["taskSpec"],
    "shop-web-687307ed0c-edge-ca": ["data"],
};

const OF_THE_STACK = "another account, zone or team is another stack";
const SAYS_WHICH = "says which tunnel of the account it is, before there is a state to tell";
const WAITING = "how long a deployment waits for tasks, of which there are none here";

const ROLLS_OVER = "authorities and what they issued have end-to-end tests of their own, with clients that verify";
const IN_CONSUL = "it speaks to a Consul that runs; the end-to-end test of the mesh has one at each of two sites";
const WITH_FILES =
    "its arguments are those of TraefikFiles, which is here; it needs an image with a Traefik that starts";

/** Arguments that no update changes here, and why. */
export const NEVER_CHANGED: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
        everyArgument()
            .filter((argument) => /[.](accountId|zoneId|team)$/.test(argument))
            .map((argument) => [argument, OF_THE_STACK]),
    ),
    ...Object.fromEntries(
        everyArgument()
            .filter((argument) => argument.startsWith("TraefikContainer."))
            .map((argument) => [argument, WITH_FILES]),
    ),
    ...Object.fromEntries(
        everyArgument()
            .filter((argument) => argument.startsWith("ConsulMeshAccess."))
            .map((argument) => [argument, IN_CONSUL]),
    ),
    "MkcertCA.alsoTrust": ROLLS_OVER,
    "MkcertCA.existing": ROLLS_OVER,
    "MkcertCA.generation": ROLLS_OVER,
    "MkcertCA.rollOver": ROLLS_OVER,
    "MkcertCertificate.pkcs12Password": ROLLS_OVER,
    "NamedTunnel.adoptTunnelId": SAYS_WHICH,
    "NamedTunnel.formerName": SAYS_WHICH,
    "SiteAuthority.rollOver": ROLLS_OVER,
    "SwarmTunnelSidecar.convergeTimeout": WAITING,
    "TraefikProxy.convergeTimeout": WAITING,
};

import type { Rule } from "../rule.ts";
import { applicationHasPolicy } from "./access/applicationHasPolicy.ts";
import { hostnameHasAccess } from "./access/hostnameHasAccess.ts";
import { noBypassInApplication, noBypassInPolicy } from "./access/noBypass.ts";
import { noEveryoneInApplication, noEveryoneInGroup, noEveryoneInPolicy } from "./access/noEveryone.ts";
import { serviceTokenExpiresSoon, serviceTokenHasNotExpired } from "./access/serviceTokenExpiry.ts";
import { sshHasShortLivedCertificates } from "./access/sshHasShortLivedCertificates.ts";
import {
    containerChecksCertificates,
    serviceChecksCertificates,
    serviceConfigChecksCertificates,
    tunnelChecksCertificates,
} from "./certificates/checksCertificates.ts";
import { noHostNamespace } from "./containers/noHostNamespace.ts";
import { noPrivilegedContainer, noPrivilegedService } from "./containers/noPrivilegedContainer.ts";
import { noEngineSocketInContainer, noEngineSocketInService } from "./containers/noWritableEngineSocket.ts";
import { nameIsProxiedToTunnel } from "./dns/nameIsProxiedToTunnel.ts";
import { noOriginAddress } from "./dns/noOriginAddress.ts";
import { universalSsl } from "./dns/universalSsl.ts";
import { noHostNetworkForContainer, noHostNetworkForService } from "./exposure/noHostNetwork.ts";
import { noLanNetwork } from "./exposure/noLanNetwork.ts";
import { noPublishedContainerPort, noPublishedServicePort } from "./exposure/noPublishedPort.ts";
import { authorityHasHostnames } from "./identity/authorityHasHostnames.ts";
import { oidcLoginUsesPkce, samlRequestsAreSigned } from "./identity/loginsAreBound.ts";
import { peopleAreNamedInApplication, peopleAreNamedInPolicy } from "./identity/peopleAreNamed.ts";
import { pinIsNotTheOnlyLogin } from "./identity/pinIsNotTheOnlyLogin.ts";
import { postureIsRequired } from "./identity/postureIsRequired.ts";
import { routeIsDeniedByDefault } from "./network/routeIsDeniedByDefault.ts";
import { routeIsPrivate } from "./network/routeIsPrivate.ts";
import { routesDoNotOverlap } from "./network/routesDoNotOverlap.ts";
import { baseUrlIsLocal } from "./provider/baseUrlIsLocal.ts";
import { noReplacedResource } from "./provider/noReplacedResource.ts";
import { noSecretInContainer, noSecretInService, noSecretInServiceConfig } from "./secrets/noSecretInClear.ts";
import { ingressDemandsAccessToken } from "./tunnel/ingressDemandsAccessToken.ts";
import { ingressEndsWithCatchAll } from "./tunnel/ingressEndsWithCatchAll.ts";
import { ingressFileDemandsAccessToken } from "./tunnel/ingressFileDemandsAccessToken.ts";
import { tunnelIsManagedInSight } from "./tunnel/isManagedInSight.ts";

/** Every rule of the pack, by what it protects. Their names are what a configuration file refers to. */
export const rules: readonly Rule[] = [
    noPublishedServicePort,
    noPublishedContainerPort,
    noHostNetworkForService,
    noHostNetworkForContainer,
    noLanNetwork,

    noPrivilegedService,
    noPrivilegedContainer,
    noHostNamespace,
    noEngineSocketInService,
    noEngineSocketInContainer,

    noOriginAddress,
    nameIsProxiedToTunnel,
    universalSsl,

    hostnameHasAccess,
    applicationHasPolicy,
    noEveryoneInPolicy,
    noEveryoneInApplication,
    noEveryoneInGroup,
    noBypassInPolicy,
    noBypassInApplication,
    serviceTokenHasNotExpired,
    serviceTokenExpiresSoon,
    sshHasShortLivedCertificates,

    peopleAreNamedInPolicy,
    peopleAreNamedInApplication,
    samlRequestsAreSigned,
    oidcLoginUsesPkce,
    pinIsNotTheOnlyLogin,
    postureIsRequired,
    authorityHasHostnames,

    ingressDemandsAccessToken,
    ingressEndsWithCatchAll,
    ingressFileDemandsAccessToken,
    tunnelIsManagedInSight,

    routeIsPrivate,
    routesDoNotOverlap,
    routeIsDeniedByDefault,

    tunnelChecksCertificates,
    serviceConfigChecksCertificates,
    serviceChecksCertificates,
    containerChecksCertificates,

    noSecretInService,
    noSecretInContainer,
    noSecretInServiceConfig,

    baseUrlIsLocal,
    noReplacedResource,
];

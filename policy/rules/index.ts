import type { Rule } from "../rule.ts";
import { applicationHasPolicy } from "./access/applicationHasPolicy.ts";
import { hostnameHasAccess } from "./access/hostnameHasAccess.ts";
import { noAccessBypass } from "./access/noBypass.ts";
import { noEveryone } from "./access/noEveryone.ts";
import { noHostNamespace } from "./containers/noHostNamespace.ts";
import { noPrivilegedContainer } from "./containers/noPrivilegedContainer.ts";
import { noWritableDockerSocket } from "./containers/noWritableDockerSocket.ts";
import { nameIsProxiedToTunnel } from "./dns/nameIsProxiedToTunnel.ts";
import { noOriginAddress } from "./dns/noOriginAddress.ts";
import { universalSsl } from "./dns/universalSsl.ts";
import { noHostNetwork } from "./exposure/noHostNetwork.ts";
import { noLanNetwork } from "./exposure/noLanNetwork.ts";
import { noPublishedPort } from "./exposure/noPublishedPort.ts";
import { baseUrlIsLocal } from "./provider/baseUrlIsLocal.ts";
import { noSecretInClear } from "./secrets/noSecretInClear.ts";
import { ingressDemandsAccessToken } from "./tunnel/ingressDemandsAccessToken.ts";
import { ingressEndsWithCatchAll } from "./tunnel/ingressEndsWithCatchAll.ts";
import { tunnelIsRemotelyManaged } from "./tunnel/isRemotelyManaged.ts";
import { noDisabledCertificateCheck } from "./tunnel/noDisabledCertificateCheck.ts";

/** Every rule of the pack, by what it protects. Their names are what a configuration file refers to. */
export const rules: readonly Rule[] = [
    noPublishedPort,
    noHostNetwork,
    noLanNetwork,

    noPrivilegedContainer,
    noHostNamespace,
    noWritableDockerSocket,

    noOriginAddress,
    nameIsProxiedToTunnel,
    universalSsl,

    hostnameHasAccess,
    applicationHasPolicy,
    noEveryone,
    noAccessBypass,

    ingressDemandsAccessToken,
    ingressEndsWithCatchAll,
    noDisabledCertificateCheck,
    tunnelIsRemotelyManaged,

    noSecretInClear,

    baseUrlIsLocal,
];

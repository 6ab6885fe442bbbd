import type { Rule } from "../../rule.ts";
import { noHostPortInPod, noPublicKubernetesIngress, noPublicKubernetesService } from "./kubernetes.ts";
import { noHostNetworkForContainer, noHostNetworkForService } from "./noHostNetwork.ts";
import { noLanNetwork } from "./noLanNetwork.ts";
import { noOpenFirewall } from "./noOpenFirewall.ts";
import { noOpenOriginBehindCloudflare } from "./noOpenOriginBehindCloudflare.ts";
import { noPublicAddress, noPublicEndpoint, noPublicLoadBalancer } from "./noPublicCloudResource.ts";
import { noPublishedContainerPort, noPublishedServicePort } from "./noPublishedPort.ts";
import { noPublishedPortInScript } from "./noPublishedPortInScript.ts";
import { publicMachineHasFirewall } from "./publicMachineHasFirewall.ts";

/** Ports that people open. */
export const exposureRules: readonly Rule[] = [
    noPublishedServicePort,
    noPublishedContainerPort,
    noHostNetworkForService,
    noHostNetworkForContainer,
    noLanNetwork,
    noPublishedPortInScript,
    noPublicKubernetesService,
    noHostPortInPod,
    noPublicKubernetesIngress,
    noOpenFirewall,
    noPublicLoadBalancer,
    noPublicAddress,
    noPublicEndpoint,
    publicMachineHasFirewall,
    noOpenOriginBehindCloudflare,
];

import type { Rule } from "../../rule.ts";
import { noHostNetworkForContainer, noHostNetworkForService } from "./noHostNetwork.ts";
import { noLanNetwork } from "./noLanNetwork.ts";
import { noOpenFirewall } from "./noOpenFirewall.ts";
import { noPublishedContainerPort, noPublishedServicePort } from "./noPublishedPort.ts";

/** Ports that people open. */
export const exposureRules: readonly Rule[] = [
    noPublishedServicePort,
    noPublishedContainerPort,
    noHostNetworkForService,
    noHostNetworkForContainer,
    noLanNetwork,
    noOpenFirewall,
];

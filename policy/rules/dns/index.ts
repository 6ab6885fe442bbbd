import type { Rule } from "../../rule.ts";
import { nameIsProxiedToTunnel } from "./nameIsProxiedToTunnel.ts";
import { noOriginAddress } from "./noOriginAddress.ts";
import { universalSsl } from "./universalSsl.ts";

/** Where names lead, and which certificate covers them. */
export const dnsRules: readonly Rule[] = [noOriginAddress, nameIsProxiedToTunnel, universalSsl];

import type { Rule } from "../rule.ts";
import { accessRules } from "./access/index.ts";
import { certificatesRules } from "./certificates/index.ts";
import { containersRules } from "./containers/index.ts";
import { dnsRules } from "./dns/index.ts";
import { exposureRules } from "./exposure/index.ts";
import { identityRules } from "./identity/index.ts";
import { interconnectRules } from "./interconnect/index.ts";
import { limitRules } from "./limits/index.ts";
import { networkRules } from "./network/index.ts";
import { providerRules } from "./provider/index.ts";
import { proxyRules } from "./proxy/index.ts";
import { secretsRules } from "./secrets/index.ts";
import { tunnelRules } from "./tunnel/index.ts";

/** Rules that protect the same thing. */
export interface RuleArea {
    /** What they are about, as a heading. */
    readonly title: string;
    readonly rules: readonly Rule[];
}

/** The pack by area, in the order in which people read of it. */
export const areas: readonly RuleArea[] = [
    { title: "Inbound exposure", rules: exposureRules },
    { title: "Containers", rules: containersRules },
    { title: "Proxy", rules: proxyRules },
    { title: "Host names", rules: dnsRules },
    { title: "Access", rules: accessRules },
    { title: "Identity", rules: identityRules },
    { title: "Tunnels", rules: tunnelRules },
    { title: "Private networks", rules: networkRules },
    { title: "Interconnection", rules: interconnectRules },
    { title: "Limits of an account", rules: limitRules },
    { title: "Certificates", rules: certificatesRules },
    { title: "Secrets", rules: secretsRules },
    { title: "Providers", rules: providerRules },
];

/** Every rule of the pack. Their names are what a configuration file refers to. */
export const rules: readonly Rule[] = areas.flatMap((area) => area.rules);

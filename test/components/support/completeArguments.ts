import { ACCESS_EXAMPLES } from "./completeArguments/access.ts";
import type { Example } from "./completeArguments/example.ts";
import { INTERCONNECT_EXAMPLES } from "./completeArguments/interconnect.ts";
import { KUBERNETES_EXAMPLES } from "./completeArguments/kubernetes.ts";
import { NETWORK_EXAMPLES } from "./completeArguments/network.ts";
import { PROXY_EXAMPLES } from "./completeArguments/proxy.ts";
import { SWARM_EXAMPLES } from "./completeArguments/swarm.ts";
import { TUNNEL_EXAMPLES } from "./completeArguments/tunnel.ts";

export type { Example };

/** Every component with every argument that it has, in as many examples as that takes. */
export const EXAMPLES: readonly Example[] = [
    ...ACCESS_EXAMPLES,
    ...INTERCONNECT_EXAMPLES,
    ...KUBERNETES_EXAMPLES,
    ...NETWORK_EXAMPLES,
    ...PROXY_EXAMPLES,
    ...SWARM_EXAMPLES,
    ...TUNNEL_EXAMPLES,
];

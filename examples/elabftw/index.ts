/** eLabFTW behind Traefik on a closed network, with its own certificate authority. README.md tells the ways to it. */
import { closedNetwork } from "./program.ts";
import { readSettings } from "./settings.ts";

/**
 * `authority` is what people's machines are to trust; `firewallRules` are put in place on the machine with `nft -f`, where the proxy
 * listens.
 */
export const { authority, firewallRules } = closedNetwork(readSettings());

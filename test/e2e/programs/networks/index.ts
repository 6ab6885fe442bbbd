/** Tunnel, TCP apps, machine tokens and private networks at once. `CHANGED=1` changes each field that changes in place. */
import { Provider } from "@pulumi/cloudflare/provider.js";
import { findTunnelId, NamedTunnel } from "../../../../components/index.ts";
import { declareNetworks } from "./declare.ts";

const { NETWORKS_ACCOUNT: accountId = "", NETWORKS_ZONE: zoneId = "" } = process.env;
const opts = { providers: [new Provider("cloudflare", {})] };

// A tunnel that somebody made by hand, once its name is known.
const { ADOPTED: adopted } = process.env;
if (adopted !== undefined) {
    const adoptTunnelId = await findTunnelId({ accountId, name: adopted }, { provider: opts.providers[0] });
    new NamedTunnel("adopted", { accountId, tunnelName: adopted, adoptTunnelId }, opts);
}

export const { configFile, clientSecret, credentials, sshCaPublicKey } = declareNetworks({
    accountId,
    zoneId,
    changed: process.env.CHANGED === "1",
    replaced: false,
    opts,
});

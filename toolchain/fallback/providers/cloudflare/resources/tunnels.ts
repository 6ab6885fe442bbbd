/** Tunnels, their configuration, private routes and virtual networks. */
import { TUNNEL_CONFIG } from "../naming.ts";
import { type RestResource, words } from "../restResource.ts";

const TUNNEL_OUTPUTS = words(
    "accountTag connections connsActiveAt connsInactiveAt createdAt deletedAt metadata status tunType",
);

export const tunnels: Readonly<Record<string, RestResource>> = {
    ZeroTrustTunnelCloudflared: {
        path: "accounts/{accountId}/cfd_tunnel",
        update: "PATCH",
        inputs: words("accountId configSrc name tunnelSecret"),
        outputs: [...TUNNEL_OUTPUTS, "remoteConfig"],
        replaceOnChange: words("accountId configSrc"),
        secrets: ["tunnelSecret"],
        writeOnly: words("configSrc tunnelSecret"),
        jsonText: ["metadata"],
        defaults: () => ({ configSrc: "local" }),
    },
    ZeroTrustTunnelCloudflaredConfig: {
        path: "accounts/{accountId}/cfd_tunnel/{tunnelId}/configurations",
        single: true,
        id: "tunnelId",
        create: "PUT",
        update: "PUT",
        delete: false,
        naming: TUNNEL_CONFIG,
        inputs: words("accountId config source tunnelId"),
        outputs: words("createdAt source version"),
        replaceOnChange: words("accountId tunnelId"),
        changing: ["version"],
    },
    ZeroTrustTunnelCloudflaredRoute: {
        path: "accounts/{accountId}/teamnet/routes",
        update: "PATCH",
        inputs: words("accountId comment network tunnelId virtualNetworkId"),
        outputs: words("createdAt deletedAt"),
        filledIn: ["virtualNetworkId"],
        replaceOnChange: ["accountId"],
        defaults: () => ({ comment: "" }),
    },
    ZeroTrustNetworkHostnameRoute: {
        path: "accounts/{accountId}/zerotrust/routes/hostname",
        update: "PATCH",
        inputs: words("accountId comment hostname tunnelId"),
        outputs: words("createdAt deletedAt tunnelName"),
        replaceOnChange: ["accountId"],
    },
    ZeroTrustTunnelCloudflaredVirtualNetwork: {
        path: "accounts/{accountId}/teamnet/virtual_networks",
        update: "PATCH",
        inputs: words("accountId comment isDefault isDefaultNetwork name"),
        outputs: words("createdAt deletedAt"),
        replaceOnChange: words("accountId isDefault"),
        defaults: () => ({ comment: "", isDefaultNetwork: false }),
    },
    ZeroTrustTunnelWarpConnector: {
        path: "accounts/{accountId}/warp_connector",
        update: "PATCH",
        inputs: words("accountId ha name tunnelSecret"),
        outputs: TUNNEL_OUTPUTS,
        replaceOnChange: ["accountId"],
        secrets: ["tunnelSecret"],
        writeOnly: ["tunnelSecret"],
        jsonText: ["metadata"],
    },
};

import { ZeroTrustNetworkHostnameRoute } from "@pulumi/cloudflare/zeroTrustNetworkHostnameRoute.js";
import { ZeroTrustTunnelCloudflaredRoute } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredRoute.js";
import { ZeroTrustTunnelCloudflaredVirtualNetwork } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredVirtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import { FIRST_PRECEDENCE, normaliseIpRange } from "../validation/index.ts";
import { gatewayRules } from "./gatewayRules.ts";
import type { PrivateNetworkGrant } from "./grants.ts";
import { checkNetworkArgs } from "./networkValidation.ts";

export interface PrivateNetworkArgs {
    /** Account that owns the routes: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** UUID of the tunnel that leads into the network ({@link NamedTunnel}). */
    tunnelId: pulumi.Input<string>;
    /** Private ranges in CIDR form, IPv4 or IPv6, none of them overlapping. None if omitted; then there must be host names. */
    networks?: string[];
    /** Private host names that the connector resolves (`wiki.internal.example`); needs cloudflared 2025.7 or later. None if omitted. */
    hostnames?: string[];
    /** Who may enter; whoever is not named here is refused. At least one. */
    grants: PrivateNetworkGrant[];
    /** Make a virtual network for it, so that the same ranges may exist elsewhere. False if omitted: the account's default one. */
    ownVirtualNetwork?: boolean;
    /** UUID of a virtual network that exists. The account's default one if omitted; not beside `ownVirtualNetwork`. */
    virtualNetworkId?: pulumi.Input<string>;
    /** Name of rules, virtual network and comments in the dashboard. The component's name if omitted. */
    networkName?: string;
    /**
     * Precedence of the first Gateway rule; the network takes the hundred numbers from there on. Give each network its own, and a network in a virtual
     * network of its own a lower one than any in the account's default virtual network: the rules of the latter hold in every virtual network.
     * If omitted 10000 with a virtual network, 40000 without.
     */
    precedence?: number;
}

/**
 * A private network behind a tunnel, for devices with Cloudflare's client: no public host name, no VPN server.
 *
 * Denied by default: Gateway lets everything through that no rule refuses, so the rule that refuses comes first into being, the grants
 * before it in order, and the routes last. Deletion goes the other way round. Whoever holds a device of the organisation but is in
 * no grant reaches nothing.
 *
 * A connector dials whatever address a route names and it can reach itself, so keep it on the networks that it serves.
 *
 * @example
 * new PrivateNetwork("office", {
 *     accountId,
 *     tunnelId: tunnel.tunnelId,
 *     networks: ["10.20.0.0/16", "fd00:20::/48"],
 *     grants: [
 *         { name: "staff", emailDomains: ["example.com"], networks: ["10.20.1.0/24"], ports: [443] },
 *         { name: "oncall", emails: ["ada@example.com"] },
 *     ],
 * });
 */
export class PrivateNetwork extends pulumi.ComponentResource {
    /** UUID of the virtual network; empty for the account's default one. */
    public readonly virtualNetworkId: pulumi.Output<string>;
    /** Routed ranges as Cloudflare writes them, sorted. */
    public readonly networks: pulumi.Output<string[]>;
    /** Routed host names, sorted. */
    public readonly hostnames: pulumi.Output<string[]>;

    /**
     * @param name Name of the component, and of the network where `networkName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        checkNetworkArgs(name, args);
        super("sallyport:index:PrivateNetwork", name, args, opts);

        const { accountId, tunnelId } = args;
        const title = args.networkName ?? name;
        const networks = (args.networks ?? []).map(normaliseIpRange).toSorted();
        const hostnames = (args.hostnames ?? []).toSorted();
        const comment = `Private network ${title}`.slice(0, MAX_COMMENT);
        const child = { parent: this };

        const own = args.ownVirtualNetwork
            ? new ZeroTrustTunnelCloudflaredVirtualNetwork(
                  `${name}-virtual-network`,
                  { accountId, name: title, comment, isDefaultNetwork: false },
                  child,
              )
            : undefined;
        const virtualNetworkId = own?.id ?? optional(args.virtualNetworkId);
        const { inOwnVirtualNetwork, inDefaultVirtualNetwork } = FIRST_PRECEDENCE;
        const first = virtualNetworkId === undefined ? inDefaultVirtualNetwork : inOwnVirtualNetwork;
        const { grants, precedence = first } = args;
        const rules = gatewayRules(
            name,
            { accountId, title, networks, hostnames, virtualNetworkId, grants, precedence },
            this,
        );

        const guarded = { parent: this, dependsOn: rules };
        const routes = networks.map(
            (network) =>
                new ZeroTrustTunnelCloudflaredRoute(
                    `${name}-${network}`,
                    {
                        accountId,
                        tunnelId,
                        network,
                        comment,
                        ...(virtualNetworkId === undefined ? {} : { virtualNetworkId }),
                    },
                    guarded,
                ),
        );
        const names = hostnames.map(
            (hostname) =>
                new ZeroTrustNetworkHostnameRoute(
                    `${name}-${hostname}`,
                    { accountId, tunnelId, hostname, comment },
                    guarded,
                ),
        );

        this.virtualNetworkId = virtualNetworkId ?? pulumi.output("");
        this.networks = pulumi.all(routes.map((route) => route.network));
        this.hostnames = pulumi.all(names.map((route) => route.hostname.apply((hostname) => hostname ?? "")));
        this.registerOutputs({
            virtualNetworkId: this.virtualNetworkId,
            networks: this.networks,
            hostnames: this.hostnames,
        });
    }
}

/** Characters that a route's comment may have (cloudflare-typescript, `networks/routes.ts`). */
const MAX_COMMENT = 100;

function optional(value: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined {
    return value === undefined ? undefined : pulumi.output(value);
}

import { at, items } from "../../values.ts";
import { both, type Checks, type Opening } from "../opening.ts";
import { permissions } from "../permissions.ts";
import { switches } from "../switches.ts";

const DOES = "faces the Internet";

const scaleway = switches(
    {
        at: "assignFlexibleIp",
        opens: [true],
        opensIfOmitted: true,
        does: `${DOES}: it is given a flexible address`,
        instead: "Set `assignFlexibleIp` to false and attach it to a private network.",
    },
    {
        at: "assignFlexibleIpv6",
        opens: [true],
        does: `${DOES}: it is given a flexible IPv6 address`,
        instead: "Remove `assignFlexibleIpv6` and attach it to a private network.",
    },
    ...["ipId", "ipIds[]"].map((path) => ({
        at: path,
        opens: "set" as const,
        does: `${DOES}: it has an address in \`${path.replace("[]", "")}\``,
        instead: "Remove the address and attach it to a private network.",
    })),
);

const ovhFrontend = permissions({
    ifSaid: { disabled: [false] },
    sources: ["allowedSources"],
    anybodyIfOmitted: true,
    ports: ["port"],
});

const OVH_FLOATING = "Remove the floating address: the load balancer stays on its private network.";

/**
 * The load balancers of DigitalOcean, Scaleway, OVH and Vultr, by the schemas of `@pulumi/digitalocean` 4.80,
 * `@pulumiverse/scaleway` 1.54, `@ovhcloud/pulumi-ovh` 2.19 and `@ediri/vultr` 2.21.
 */
export const hosterLoadBalancers: Checks = {
    "digitalocean:index/loadBalancer:LoadBalancer": switches({
        at: "network",
        opens: ["EXTERNAL"],
        opensIfOmitted: true,
        does: DOES,
        instead: 'Set `network` to "INTERNAL".',
    }),
    "scaleway:loadbalancers/loadBalancer:LoadBalancer": scaleway,
    "scaleway:index/loadbalancer:Loadbalancer": scaleway,
    "ovh:IpLoadBalancing/tcpFrontend:TcpFrontend": ovhFrontend,
    "ovh:IpLoadBalancing/httpFrontend:HttpFrontend": ovhFrontend,
    "ovh:IpLoadBalancing/udpFrontend:UdpFrontend": permissions({
        ifSaid: { disabled: [false] },
        sources: [],
        anybodyIfOmitted: true,
        ports: ["port"],
    }),
    "ovh:CloudProject/loadBalancer:LoadBalancer": switches(
        {
            at: "network.private.floatingIp",
            opens: "set",
            does: `${DOES}: it has a floating address`,
            instead: OVH_FLOATING,
        },
        {
            at: "network.private.floatingIpCreate",
            opens: "set",
            does: `${DOES}: a floating address is made for it`,
            instead: OVH_FLOATING,
        },
    ),
    "vultr:index/loadBalancer:LoadBalancer": both(
        hasRules,
        permissions({ list: "firewallRules", sources: ["source"], ports: ["port"] }),
    ),
};

/** Vultr's have a public address always; their firewall is all that keeps anybody out. */
function hasRules(props: unknown): readonly Opening[] {
    const rules = items(at(props, "firewallRules"));
    if (!Array.isArray(rules) || rules.length > 0) return [];
    return [{ does: `${DOES} and has no \`firewallRules\``, instead: "Write who may come in into `firewallRules`." }];
}

import type * as pulumi from "@pulumi/pulumi";
import { DeviceProfile, type NamedTunnel, PrivateNetwork } from "../components/index.ts";
import { FIRST_PRECEDENCE, MAX_GRANTS } from "../components/validation/index.ts";
import type { Environment } from "./config/environment.ts";
import { granteesOf } from "./config/privateNetworks.ts";

/** The stack's private networks behind its tunnel. */
export function privateNetworksOf(
    { stack, accountId, privateNetworks, audiences }: Environment,
    tunnel: NamedTunnel,
    opts: pulumi.ComponentResourceOptions,
) {
    const made = privateNetworks.map(({ name, networks, hostnames, ownVirtualNetwork, grants }, index) => {
        const { inOwnVirtualNetwork, inDefaultVirtualNetwork } = FIRST_PRECEDENCE;
        const first = ownVirtualNetwork ? inOwnVirtualNetwork : inDefaultVirtualNetwork;
        const network = new PrivateNetwork(
            `${name}-private`,
            {
                accountId,
                tunnelId: tunnel.tunnelId,
                networkName: `${stack}-${name}`,
                networks,
                hostnames,
                ownVirtualNetwork,
                precedence: first + index * (MAX_GRANTS + 1),
                grants: grants.map(({ audience, ...reached }) => {
                    const declared = audiences.find((one) => one.name === audience);
                    return { name: audience, ...(declared === undefined ? {} : granteesOf(declared)), ...reached };
                }),
            },
            opts,
        );
        const { virtualNetworkId, networks: ranges, hostnames: names } = network;
        return [name, { virtualNetworkId, networks: ranges, hostnames: names }] as const;
    });
    return Object.fromEntries(made);
}

/** What devices send to Cloudflare; profiles are the account's, so each is named after the stack too. */
export function deviceProfilesOf(
    { stack, accountId, deviceProfiles }: Environment,
    opts: pulumi.ComponentResourceOptions,
): void {
    for (const { name, ...profile } of deviceProfiles) {
        new DeviceProfile(`${name}-devices`, { accountId, profileName: `${stack}-${name}`, ...profile }, opts);
    }
}

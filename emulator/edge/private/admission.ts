import { PrivateVerdict } from "../../privateConnections.ts";
import type { Device, PrivateNetworkDirectory } from "../../privateNetworkDirectory.ts";
import { type Destination, formatDestination } from "./destination.ts";
import { connectionFacts, deviceFacts, lookupFacts } from "./facts.ts";
import { judge } from "./gateway/rules.ts";
import type { InitialAddresses } from "./initialAddresses.ts";
import { routeOfName, routeTo, virtualNetworkFor } from "./routing.ts";
import { exclusion } from "./splitTunnel.ts";

/** What a device asks, once it is known which one it is. */
export interface PrivateRequest {
    readonly device: Device;
    /** Name of the virtual network that the client chose for this connection; the device's own where undefined. */
    readonly virtualNetwork?: string | undefined;
    readonly destination: Destination;
}

export type Admission =
    | {
          readonly kind: "admitted";
          readonly tunnelId: string;
          /** `host:port`, for the connector. */
          readonly authority: string;
          readonly rule: string;
      }
    | { readonly kind: "refused"; readonly verdict: RefusalVerdict; readonly rule: string };

type RefusalVerdict = (typeof PrivateVerdict)["Excluded" | "Blocked" | "NoRoute"];

/**
 * Decides where a connection goes: the client's split tunnels, then Gateway's rules about the lookup of a name and about the connection, then
 * the routes.
 *
 * A name is connected to under the address that Gateway gave it at the lookup; the connector gets the name, and resolves it.
 */
export function admit(
    { device, virtualNetwork, destination }: PrivateRequest,
    directory: PrivateNetworkDirectory,
    initialAddresses: InitialAddresses,
): Admission {
    const network = virtualNetworkFor(virtualNetwork, device.virtual_network_id, directory.virtualNetworks());
    if (network === undefined) {
        const missing = virtualNetwork === undefined ? "the device's virtual network is gone" : `"${virtualNetwork}"`;
        return refused(
            PrivateVerdict.NoRoute,
            virtualNetwork === undefined ? missing : `no virtual network ${missing}`,
        );
    }
    const { host, port } = destination;
    const isName = destination.kind === "hostname";
    const address = isName ? initialAddresses.of(host) : host;
    const known = deviceFacts(device, directory.postureRuleIds());
    const lists = (id: string) => directory.listValues(id);
    const left = exclusion({ address, hostname: isName ? host : undefined }, directory.deviceProfiles(), known, lists);
    if (left !== undefined) {
        return refused(PrivateVerdict.Excluded, left);
    }
    const rules = directory.gatewayRules();
    const lookup = isName && judge("dns", rules, { ...known, ...lookupFacts(device, destination) }, lists);
    if (lookup && !lookup.isAllowed) {
        return refused(PrivateVerdict.Blocked, lookup.rule);
    }
    const facts = { ...known, ...connectionFacts(device, address, port, network.id) };
    const connection = judge("l4", rules, facts, lists);
    if (!connection.isAllowed) {
        return refused(PrivateVerdict.Blocked, connection.rule);
    }
    const route = isName
        ? routeOfName(host, directory.hostnameRoutes())
        : routeTo(host, network.id, directory.networkRoutes());
    if (route === undefined) {
        return refused(PrivateVerdict.NoRoute, `no route to ${host} in the virtual network "${network.name}"`);
    }
    const rule = lookup ? `lookup: ${lookup.rule}; connection: ${connection.rule}` : connection.rule;
    return { kind: "admitted", tunnelId: route.tunnel_id, authority: formatDestination(destination), rule };
}

function refused(verdict: RefusalVerdict, rule: string): Admission {
    return { kind: "refused", verdict, rule };
}

import type { Device } from "./api/products/devices/device.ts";
import type { SplitTunnel } from "./api/products/devices/profileSettings.ts";
import type { GatewayRule } from "./api/products/gateway/rules.ts";
import type { HostnameRoute, NetworkRoute, VirtualNetwork } from "./api/products/networks/tables.ts";

export type { Device, GatewayRule, HostnameRoute, NetworkRoute, SplitTunnel, VirtualNetwork };

/** What a device profile says of the traffic of its devices. */
export interface DirectoryProfile {
    readonly name: string;
    /** Whose devices it is for, an expression of Gateway's; undefined for the default profile, which is for all others. */
    readonly match: string | undefined;
    /** When not empty, nothing but this enters the private network. */
    readonly include: readonly SplitTunnel[];
    /** What does not enter it; counts where `include` is empty. */
    readonly exclude: readonly SplitTunnel[];
}

/**
 * The seam between `emulator/api` (implements it) and the way into private networks at the edge (uses it): one account's routes, devices and
 * Gateway. Like the other directories it is synchronous: an answer is never older than the last API call.
 */
export interface PrivateNetworkDirectory {
    /** The device of this name; undefined also where the secret is not its own. */
    authenticate(name: string, secret: string): Device | undefined;
    virtualNetworks(): readonly VirtualNetwork[];
    networkRoutes(): readonly NetworkRoute[];
    hostnameRoutes(): readonly HostnameRoute[];
    /** In order of precedence, those that are switched off left out. */
    gatewayRules(): readonly GatewayRule[];
    /** In the order in which they are tried; the last one is the default profile. */
    deviceProfiles(): readonly DirectoryProfile[];
    /** Ids of all posture rules. */
    postureRuleIds(): readonly string[];
    /** The values of a Zero Trust list; undefined when there is none of that id. */
    listValues(id: string): readonly string[] | undefined;
}

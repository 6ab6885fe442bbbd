import type { Checks } from "../opening.ts";
import { type Switch, switches } from "../switches.ts";

const has = (at: string, instead: string, opens: Switch["opens"] = "set"): Switch => ({
    at,
    opens,
    does: `has a public address by \`${at.replaceAll("[]", "")}\``,
    instead,
});

const GOOGLE = "Remove it: a connector dials out through Cloud NAT.";
const AZURE = "Remove it: a connector dials out through a NAT gateway.";

/** An access configuration gives a public address even if it is empty. */
const googleMachine = switches(
    has("networkInterfaces[].accessConfigs[]", GOOGLE),
    has("networkInterfaces[].ipv6AccessConfigs[]", GOOGLE),
);
const azureScaleSet = switches(has("networkInterfaces[].ipConfigurations[].publicIpAddresses[]", AZURE));

/**
 * Public addresses of machines, by the schemas of `@pulumi/gcp` 9.37, `@pulumi/google-native` 0.32, `@pulumi/azure`
 * 6.40, `@pulumi/azure-native` 3.28 and `@ovhcloud/pulumi-ovh` 2.19. On Azure an address by itself may be a NAT gateway's, so the network interface is
 * judged that takes it.
 */
export const otherAddresses: Checks = {
    "gcp:compute/instance:Instance": googleMachine,
    "gcp:compute/instanceTemplate:InstanceTemplate": googleMachine,
    "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate": googleMachine,
    "gcp:compute/instanceFromTemplate:InstanceFromTemplate": googleMachine,
    "google-native:compute/v1:Instance": googleMachine,
    "azure:network/networkInterface:NetworkInterface": switches(has("ipConfigurations[].publicIpAddressId", AZURE)),
    "azure:compute/linuxVirtualMachineScaleSet:LinuxVirtualMachineScaleSet": azureScaleSet,
    "azure:compute/windowsVirtualMachineScaleSet:WindowsVirtualMachineScaleSet": azureScaleSet,
    "azure:containerservice/group:Group": switches({
        ...has("ipAddressType", 'Set `ipAddressType` to "Private" or "None".', ["Public"]),
        opensIfOmitted: true,
    }),
    "azure-native:network:NetworkInterface": switches(has("ipConfigurations[].publicIPAddress", AZURE)),
    "azure-native:containerinstance:ContainerGroup": switches(
        has("ipAddress.type", 'Set `ipAddress.type` to "Private", or remove `ipAddress`.', ["Public"]),
    ),
    "ovh:CloudProject/instance:Instance": switches(
        has("network.public", "Set `network.private` instead.", [true]),
        has("network.private.floatingIp", "Remove it: the gateway of the private network leads out."),
        has("network.private.floatingIpCreate", "Remove it: the gateway of the private network leads out."),
    ),
};

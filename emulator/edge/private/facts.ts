import type { Device } from "../../privateNetworkDirectory.ts";
import type { Destination } from "./destination.ts";
import type { Facts } from "./gateway/evaluate.ts";

/** The only port on which Gateway looks for a server name (cloudflare-one, "Network policies", SNI). */
const TLS_PORT = 443;

/** What Gateway knows of a device, whatever it does: its owner, its posture, its system. */
export function deviceFacts(device: Device, postureRuleIds: readonly string[]): Facts {
    return {
        "identity.email": device.email,
        "identity.name": device.person,
        "identity.groups.name": device.groups,
        "identity.groups.id": device.groups,
        "identity.groups.email": device.groups,
        "device_posture.checks.passed": device.passed,
        "device_posture.checks.failed": postureRuleIds.filter((id) => !device.passed.includes(id)),
        "os.name": device.os,
    };
}

/** What Gateway knows of a connection before its first byte. On the TLS port a server name may follow, which nobody knows yet. */
export function connectionFacts(device: Device, address: string, port: number, virtualNetworkId: string): Facts {
    const noServerName = port === TLS_PORT ? {} : { "net.sni.host": "", "net.sni.domains": [] };
    return {
        "net.dst.ip": address,
        "net.dst.port": port,
        "net.src.ip": device.ip,
        "net.src.geo.country": device.country,
        "net.protocol": "tcp",
        "net.vnet_id": virtualNetworkId,
        ...noServerName,
    };
}

/** What Gateway knows of the lookup of a name. */
export function lookupFacts(device: Device, { host }: Destination): Facts {
    const labels = host.split(".");
    return {
        "dns.fqdn": host,
        "dns.domains": labels.map((_, index) => labels.slice(index).join(".")),
        "dns.src_ip": device.ip,
        "dns.src.geo.country": device.country,
    };
}

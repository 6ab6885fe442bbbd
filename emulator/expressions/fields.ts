import type { FieldType } from "./expression.ts";

/**
 * The selectors of network policies, DNS policies and device profiles, with what they hold (developers.cloudflare.com, cloudflare-one: "Network
 * policies", "DNS policies", "Device profiles"). There are more; an expression may use them, but nothing is known of their values here.
 */
const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
    "net.dst.ip": "ip",
    "net.dst.port": "number",
    "net.dst.geo.country": "string",
    "net.src.ip": "ip",
    "net.src.port": "number",
    "net.src.geo.country": "string",
    "net.protocol": "string",
    "net.detected_protocol": "string",
    "net.sni.host": "string",
    "net.sni.domains": "string",
    "net.vnet_id": "string",
    "dns.fqdn": "string",
    "dns.domains": "string",
    "dns.src_ip": "ip",
    "dns.src.geo.country": "string",
    "dns.query_rtype": "string",
    "identity.email": "string",
    "identity.name": "string",
    "identity.groups.name": "string",
    "identity.groups.id": "string",
    "identity.groups.email": "string",
    "device_posture.checks.passed": "string",
    "device_posture.checks.failed": "string",
    "os.name": "string",
    "os.version": "string",
};

export function typeOf(field: string): FieldType | undefined {
    return Object.hasOwn(FIELD_TYPES, field) ? FIELD_TYPES[field] : undefined;
}

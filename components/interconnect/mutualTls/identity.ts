import type { PermittedNames } from "../../proxy/mkcert/permittedNames.ts";
import type { Federation, FederationService } from "../federation.ts";

const USUAL_DOMAIN = "consul";

/** The name under which Consul's DNS finds a service from everywhere: its site is the datacenter (developer.hashicorp.com, consul, "Service lookups"). */
export function serviceHost({ domain = USUAL_DOMAIN }: Federation, { name, site }: FederationService): string {
    return `${name}.service.${site}.${domain}`;
}

/** The names that the certificate of a service has: as it is found from everywhere and from within its site, and its SPIFFE ID. */
export function serviceNames(federation: Federation, service: FederationService) {
    const { domain = USUAL_DOMAIN, name } = federation;
    return {
        dnsNames: [serviceHost(federation, service), `${service.name}.service.${domain}`],
        uris: [`spiffe://${name}/${service.site}/${service.name}`],
    };
}

/** What the authority of a service may certify: that service. */
export function permittedNames(federation: Federation, service: FederationService): PermittedNames {
    return { dnsDomains: serviceNames(federation, service).dnsNames, uriHosts: [federation.name] };
}

import type * as pulumi from "@pulumi/pulumi";
import { type IngressRoute, MutualTlsService, SiteAuthority, TunnelLink } from "../components/index.ts";
import type { Environment } from "./config/environment.ts";
import { federationOf } from "./config/federation/issues.ts";

/** The stack's part in a federation: routes for its tunnel, and what it exports; nothing where it takes part in none. */
export interface FederationParts {
    routes: IngressRoute[];
    outputs: { federation?: FederationOutputs };
}

export interface FederationOutputs {
    trustBundles: pulumi.Output<Record<string, string>>;
    /** By service over mutual TLS: what its nodes get. */
    services: Record<string, object>;
    /** By link: what the nodes of its using side get. */
    links: Record<string, object>;
}

/** The services of the stack's own site over mutual TLS, and links through its tunnel. */
export function federationParts(
    { accountId, federation: config }: Environment,
    opts: pulumi.ComponentResourceOptions,
): FederationParts {
    if (config === undefined) return { routes: [], outputs: {} };
    const federation = federationOf(config);
    const authority = new SiteAuthority(`${config.site}-authority`, {
        federation,
        site: config.site,
        ...(config.rollOver === undefined ? {} : { rollOver: config.rollOver }),
    });
    const trustBundles = [authority.trustBundles, config.trustBundles];
    const services = Object.entries(config.mutualTls).map(([service, settings]) => {
        const keys = authority.of(service);
        const made = new MutualTlsService(service, { federation, service, ...keys, trustBundles, ...settings });
        return [service, { hosts: made.hosts, secretFiles: made.secretFiles, expiresAt: made.expiresAt }] as const;
    });
    const links = config.links.map((settings) => {
        const name = `${settings.from}-${settings.to}`;
        return {
            name,
            hostname: settings.hostname,
            link: new TunnelLink(name, { accountId, federation, ...settings }, opts),
        };
    });
    return {
        routes: links.map(({ hostname, link }) => ({ hostname, service: link.service, audience: link.audience })),
        outputs: {
            federation: {
                // Public: what the other sites write into their own `trustBundles`.
                trustBundles: authority.trustBundles,
                services: Object.fromEntries(services),
                links: Object.fromEntries(
                    links.map(({ name, link }) => [
                        name,
                        {
                            nodes: link.nodes,
                            files: link.files,
                            secretFiles: link.secretFiles,
                            start: link.start,
                            renew: link.renew,
                        },
                    ]),
                ),
            },
        },
    };
}

import type { input } from "@pulumi/cloudflare/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import { plain } from "../internal/problems.ts";
import { ingressPathPattern, usesTls } from "../validation/index.ts";
import type { IngressRoute } from "./tunnelIngress.ts";

/**
 * Where the connector finds the certificate authority of its origins. {@link SwarmTunnelSidecar} puts `originCaPem` there, and
 * every TLS origin is verified against it in addition to the system's roots.
 */
export const ORIGIN_CA_PATH = "/etc/sallyport/origin-ca.pem";

type Rule = input.ZeroTrustTunnelCloudflaredConfigConfigIngress;

/** The same once everything in it is known. */
export type ProviderIngressRule = pulumi.Unwrap<Rule>;

/** The ingress rule of a route, in the provider's spelling. It has no way to switch certificate verification off. */
export function ingressRule(route: IngressRoute, team: pulumi.Input<string>): Rule {
    const { hostname, path, service, audience, originRequest = {} } = route;
    const { matchSniToHost, publicCa, socks, ...settings } = originRequest;
    const caPool = publicCa ? undefined : originCa(service);
    return {
        hostname,
        ...(path === undefined ? {} : { path: ingressPathPattern(path) }),
        service,
        originRequest: {
            ...settings,
            ...(matchSniToHost === undefined ? {} : { matchSnItoHost: matchSniToHost }),
            ...(caPool === undefined ? {} : { caPool }),
            ...(socks ? { proxyType: "socks" } : {}),
            access: { required: true, teamName: team, audTags: [audience] },
        },
    };
}

/** cloudflared adds the file to the system's roots (`tlsconfig/certreloader.go`), and refuses the whole document if it is missing. */
function originCa(service: pulumi.Input<string>): pulumi.Input<string | undefined> | undefined {
    const known = plain(service);
    if (known !== undefined) return usesTls(known) ? ORIGIN_CA_PATH : undefined;
    return pulumi.output(service).apply((origin) => (usesTls(origin) ? ORIGIN_CA_PATH : undefined));
}

import type * as pulumi from "@pulumi/pulumi";
import { NamedTunnel, TunnelAlert, ZoneOnboarding } from "../components/index.ts";
import type { Environment } from "./config/environment.ts";

/** The stack's tunnel, whom Cloudflare tells of its health, and whether the zone can publish names at all. */
export function tunnelOf(
    { accountId, tunnel: { name, management, rotation, adopt, formerName, alert, smartRouting } }: Environment,
    zoneId: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions,
): NamedTunnel {
    new ZoneOnboarding("zone", { zoneId, smartRouting }, opts);
    const tunnel = new NamedTunnel(
        "tunnel",
        { accountId, tunnelName: name, management, rotation, adoptTunnelId: adopt, formerName },
        opts,
    );
    if (alert !== undefined) {
        const alertName = `${name} serves no more`;
        new TunnelAlert("tunnel-alert", { accountId, tunnelIds: [tunnel.tunnelId], alertName, ...alert }, opts);
    }
    return tunnel;
}

import * as pulumi from "@pulumi/pulumi";
import { AccessAudience, NamedTunnel, ServiceToken, TunnelIngress, ZeroTrustApp } from "../../../components/index.ts";

const config = new pulumi.Config();
const accountId = config.require("accountId");
const zoneId = config.require("zoneId");
const team = config.require("team");
const hostname = config.require("hostname");

const ci = new ServiceToken("ci", { accountId, duration: "2160h" });
const staff = new AccessAudience("staff", {
    accountId,
    emailDomains: ["example.com"],
    serviceTokenIds: [ci.tokenId],
    exclude: { emails: ["guest@example.com"] },
});
const app = new ZeroTrustApp("grafana", { accountId, hostname, policyIds: staff.policyIds });
const tunnel = new NamedTunnel("edge", { accountId });
new TunnelIngress("ingress", {
    accountId,
    zoneId,
    team,
    tunnelId: tunnel.tunnelId,
    routes: [
        {
            hostname,
            service: "http://grafana:3000",
            audience: app.audience,
            originRequest: { connectTimeout: 10 },
        },
    ],
});

export const clientId = ci.clientId;
/** Secret, like every output that holds one. */
export const clientSecret = ci.clientSecret;
export const credentials = tunnel.credentials;

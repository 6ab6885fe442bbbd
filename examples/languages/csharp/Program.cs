using System.Collections.Generic;
using Pulumi;
using Pulumi.Sallyport;
using Pulumi.Sallyport.Inputs;

return await Deployment.RunAsync(() =>
{
    var config = new Config();
    var accountId = config.Require("accountId");
    var hostname = config.Require("hostname");

    var ci = new ServiceToken("ci", new ServiceTokenArgs
    {
        AccountId = accountId,
        Duration = "2160h",
    });
    var staff = new AccessAudience("staff", new AccessAudienceArgs
    {
        AccountId = accountId,
        EmailDomains = { "example.com" },
        ServiceTokenIds = { ci.TokenId },
        Exclude = new AudienceExclusionsArgs
        {
            Emails = { "guest@example.com" },
        },
    });
    var app = new ZeroTrustApp("grafana", new ZeroTrustAppArgs
    {
        AccountId = accountId,
        Hostname = hostname,
        PolicyIds = staff.PolicyIds,
    });
    var tunnel = new NamedTunnel("edge", new NamedTunnelArgs
    {
        AccountId = accountId,
    });
    _ = new TunnelIngress("ingress", new TunnelIngressArgs
    {
        AccountId = accountId,
        ZoneId = config.Require("zoneId"),
        Team = config.Require("team"),
        TunnelId = tunnel.TunnelId,
        Routes =
        {
            new IngressRouteArgs
            {
                Hostname = hostname,
                Service = "http://grafana:3000",
                Audience = app.Audience,
                OriginRequest = new OriginRequestArgs
                {
                    ConnectTimeout = 10,
                },
            },
        },
    });

    return new Dictionary<string, object?>
    {
        ["clientId"] = ci.ClientId,
        // Secret, like every output that holds one.
        ["clientSecret"] = ci.ClientSecret,
        ["credentials"] = tunnel.Credentials,
    };
});

"""A service behind Cloudflare Tunnel and Access, like every example beside this one."""

import pulumi
import pulumi_sallyport as sallyport


def environment() -> None:
    config = pulumi.Config()
    account_id = config.require("accountId")
    zone_id = config.require("zoneId")
    team = config.require("team")
    hostname = config.require("hostname")

    ci = sallyport.ServiceToken("ci", account_id=account_id, duration="2160h")
    staff = sallyport.AccessAudience(
        "staff",
        account_id=account_id,
        email_domains=["example.com"],
        service_token_ids=[ci.token_id],
        exclude=sallyport.AudienceExclusionsArgs(emails=["guest@example.com"]),
    )
    app = sallyport.ZeroTrustApp(
        "grafana", account_id=account_id, hostname=hostname, policy_ids=staff.policy_ids
    )
    tunnel = sallyport.NamedTunnel("edge", account_id=account_id)
    sallyport.TunnelIngress(
        "ingress",
        account_id=account_id,
        zone_id=zone_id,
        team=team,
        tunnel_id=tunnel.tunnel_id,
        routes=[
            sallyport.IngressRouteArgs(
                hostname=hostname,
                service="http://grafana:3000",
                audience=app.audience,
                origin_request=sallyport.OriginRequestArgs(connect_timeout=10),
            )
        ],
    )

    pulumi.export("clientId", ci.client_id)
    # Secret, like every output that holds one.
    pulumi.export("clientSecret", ci.client_secret)
    pulumi.export("credentials", tunnel.credentials)

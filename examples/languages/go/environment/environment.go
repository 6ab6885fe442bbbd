// Package environment is a service behind Cloudflare Tunnel and Access, like every example beside this one.
package environment

import (
	"example.com/pulumi-sallyport/sdk/go/sallyport"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

// Deploy declares the environment.
func Deploy(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")
	accountID := pulumi.String(settings.Require("accountId"))
	hostname := settings.Require("hostname")

	ci, err := sallyport.NewServiceToken(ctx, "ci", &sallyport.ServiceTokenArgs{
		AccountId: accountID,
		Duration:  pulumi.String("2160h"),
	})
	if err != nil {
		return err
	}
	staff, err := sallyport.NewAccessAudience(ctx, "staff", &sallyport.AccessAudienceArgs{
		AccountId:       accountID,
		EmailDomains:    []string{"example.com"},
		ServiceTokenIds: pulumi.StringArray{ci.TokenId},
		Exclude:         &sallyport.AudienceExclusionsArgs{Emails: []string{"guest@example.com"}},
	})
	if err != nil {
		return err
	}
	app, err := sallyport.NewZeroTrustApp(ctx, "grafana", &sallyport.ZeroTrustAppArgs{
		AccountId: accountID,
		Hostname:  hostname,
		PolicyIds: staff.PolicyIds,
	})
	if err != nil {
		return err
	}
	tunnel, err := sallyport.NewNamedTunnel(ctx, "edge", &sallyport.NamedTunnelArgs{AccountId: accountID})
	if err != nil {
		return err
	}
	_, err = sallyport.NewTunnelIngress(ctx, "ingress", &sallyport.TunnelIngressArgs{
		AccountId: accountID,
		ZoneId:    pulumi.String(settings.Require("zoneId")),
		Team:      pulumi.String(settings.Require("team")),
		TunnelId:  tunnel.TunnelId,
		Routes: []sallyport.IngressRouteArgs{{
			Hostname:      hostname,
			Service:       pulumi.String("http://grafana:3000"),
			Audience:      app.Audience,
			OriginRequest: &sallyport.OriginRequestArgs{ConnectTimeout: pulumi.Float64Ref(10)},
		}},
	})
	if err != nil {
		return err
	}

	ctx.Export("clientId", ci.ClientId)
	// Secret, like every output that holds one.
	ctx.Export("clientSecret", ci.ClientSecret)
	ctx.Export("credentials", tunnel.Credentials)
	return nil
}

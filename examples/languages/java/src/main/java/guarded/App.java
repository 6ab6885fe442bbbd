package guarded;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.sallyport.AccessAudience;
import com.pulumi.sallyport.AccessAudienceArgs;
import com.pulumi.sallyport.NamedTunnel;
import com.pulumi.sallyport.NamedTunnelArgs;
import com.pulumi.sallyport.ServiceToken;
import com.pulumi.sallyport.ServiceTokenArgs;
import com.pulumi.sallyport.TunnelIngress;
import com.pulumi.sallyport.TunnelIngressArgs;
import com.pulumi.sallyport.ZeroTrustApp;
import com.pulumi.sallyport.ZeroTrustAppArgs;
import com.pulumi.sallyport.inputs.AudienceExclusionsArgs;
import com.pulumi.sallyport.inputs.IngressRouteArgs;
import com.pulumi.sallyport.inputs.OriginRequestArgs;
import java.util.List;

/** A service behind Cloudflare Tunnel and Access, like every example beside this one. */
public final class App {
    public static void main(String[] args) {
        Pulumi.run(App::environment);
    }

    static void environment(Context ctx) {
        var config = ctx.config();
        var accountId = config.require("accountId");
        var hostname = config.require("hostname");

        var ci = new ServiceToken("ci", ServiceTokenArgs.builder()
            .accountId(accountId)
            .duration("2160h")
            .build());
        var staff = new AccessAudience("staff", AccessAudienceArgs.builder()
            .accountId(accountId)
            .emailDomains("example.com")
            .serviceTokenIds(ci.tokenId().applyValue(id -> List.of(id)))
            .exclude(AudienceExclusionsArgs.builder()
                .emails("guest@example.com")
                .build())
            .build());
        var app = new ZeroTrustApp("grafana", ZeroTrustAppArgs.builder()
            .accountId(accountId)
            .hostname(hostname)
            .policyIds(staff.policyIds())
            .build());
        var tunnel = new NamedTunnel("edge", NamedTunnelArgs.builder()
            .accountId(accountId)
            .build());
        new TunnelIngress("ingress", TunnelIngressArgs.builder()
            .accountId(accountId)
            .zoneId(config.require("zoneId"))
            .team(config.require("team"))
            .tunnelId(tunnel.tunnelId())
            .routes(IngressRouteArgs.builder()
                .hostname(hostname)
                .service("http://grafana:3000")
                .audience(app.audience())
                .originRequest(OriginRequestArgs.builder()
                    .connectTimeout(10.0)
                    .build())
                .build())
            .build());

        ctx.export("clientId", ci.clientId());
        // Secret, like every output that holds one.
        ctx.export("clientSecret", ci.clientSecret());
        ctx.export("credentials", tunnel.credentials());
    }
}

import { ZeroTrustTunnelCloudflared } from "@pulumi/cloudflare/zeroTrustTunnelCloudflared.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { credentialsFile } from "../internal/credentials.ts";
import { Problems } from "../internal/problems.ts";
import { accountIdProblem, tunnelNameProblem } from "../validation/index.ts";

/** 64 letters and digits are 381 bits; Cloudflare's own minimum for a tunnel's secret is 32 bytes. */
const SECRET_LENGTH = 64;

export interface NamedTunnelArgs {
    /** Account that owns the tunnel: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name in the dashboard, unique among the account's tunnels. The component's name if omitted. */
    tunnelName?: pulumi.Input<string>;
}

/**
 * A Cloudflare Tunnel that takes its ingress rules from Cloudflare, with a secret made here.
 *
 * The tunnel alone opens nothing. Give its id to a {@link TunnelIngress}, which says what it serves, and its credentials to
 * a {@link SwarmTunnelSidecar}, which dials out:
 *
 * @example
 * const tunnel = new NamedTunnel("edge", { accountId });
 * new TunnelIngress("ingress", { accountId, zoneId, team, tunnelId: tunnel.tunnelId, routes });
 * new SwarmTunnelSidecar("connector", { tunnelId: tunnel.tunnelId, credentials: tunnel.credentials, networkIds });
 */
export class NamedTunnel extends pulumi.ComponentResource {
    /** UUID of the tunnel. */
    public readonly tunnelId: pulumi.Output<string>;
    /** Name of the tunnel in the dashboard. */
    public readonly tunnelName: pulumi.Output<string>;
    /** What a public host name points at: `<id>.cfargotunnel.com`. It resolves only through Cloudflare's proxy. */
    public readonly cname: pulumi.Output<string>;
    /** Secret: the text of cloudflared's credentials file. Whoever has it can serve in the tunnel's name. */
    public readonly credentials: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the tunnel where `tunnelName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: NamedTunnelArgs, opts?: pulumi.ComponentResourceOptions) {
        const problems = new Problems();
        problems.check("accountId", args.accountId, accountIdProblem);
        problems.check("tunnelName", args.tunnelName ?? name, tunnelNameProblem);
        problems.throwIfAny("NamedTunnel", name);
        super("sallyport:index:NamedTunnel", name, args, opts);

        const { accountId } = args;
        // Not RandomBytes: the provider takes the bytes for the resource's id, and ids stand in the state in clear.
        const random = new RandomPassword(
            `${name}-secret`,
            { length: SECRET_LENGTH, special: false },
            { parent: this },
        );
        const secret = pulumi.secret(random.result).apply((text) => Buffer.from(text).toString("base64"));
        const tunnel = new ZeroTrustTunnelCloudflared(
            `${name}-tunnel`,
            {
                accountId,
                name: args.tunnelName ?? name,
                // The provider's default is "local": the connector would wait for a file that nobody writes.
                configSrc: "cloudflare",
                tunnelSecret: secret,
            },
            { parent: this },
        );

        this.tunnelId = tunnel.id;
        this.tunnelName = tunnel.name;
        this.cname = pulumi.interpolate`${tunnel.id}.cfargotunnel.com`;
        this.credentials = pulumi.secret(
            pulumi
                .all([accountId, tunnel.id, secret])
                .apply(([account, tunnelId, tunnelSecret]) =>
                    credentialsFile({ accountId: account, tunnelId, tunnelSecret }),
                ),
        );
        this.registerOutputs({
            tunnelId: this.tunnelId,
            tunnelName: this.tunnelName,
            cname: this.cname,
            credentials: this.credentials,
        });
    }
}

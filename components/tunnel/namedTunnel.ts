import { ZeroTrustTunnelCloudflared } from "@pulumi/cloudflare/zeroTrustTunnelCloudflared.js";
import * as pulumi from "@pulumi/pulumi";
import { lateProblem } from "../internal/problems.ts";
import type { RotationSchedule } from "../validation/index.ts";
import { TunnelManagement } from "./management.ts";
import { adoptedCredentials, ownSecret } from "./tunnelSecret.ts";
import { checkTunnelArgs } from "./tunnelValidation.ts";

export interface NamedTunnelArgs {
    /** Account that owns the tunnel: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name in the dashboard, unique among the account's tunnels. The component's name if omitted. */
    tunnelName?: pulumi.Input<string>;
    /** Where connectors take their ingress rules from. Cloudflare if omitted. Say the same to {@link TunnelIngress}. A change replaces the tunnel, and needs another `tunnelName`: names are unique. */
    management?: TunnelManagement;
    /** When the secret is replaced by the calendar. Only by hand, with `secretVersion`, if omitted. */
    rotation?: RotationSchedule;
    /** Version of the secret: another one replaces it. 1 if omitted; not beside `rotation`. */
    secretVersion?: number;
    /** UUID of a tunnel that exists and becomes this one, with its secret and its connectors. A new one is made if omitted. */
    adoptTunnelId?: string;
    /** Logical name of a `cloudflare.ArgoTunnel`, `Tunnel` or `ZeroTrustTunnelCloudflared` of an older program that becomes this tunnel. None if omitted. */
    formerName?: string;
}

/**
 * A Cloudflare Tunnel (once Argo Tunnel), with a secret made here.
 *
 * The tunnel alone opens nothing. Give its id to a {@link TunnelIngress}, which says what it serves, and its credentials to
 * a {@link SwarmTunnelSidecar}, which dials out:
 *
 * @example
 * const tunnel = new NamedTunnel("edge", { accountId });
 * new TunnelIngress("ingress", { accountId, zoneId, team, tunnelId: tunnel.tunnelId, routes });
 * new SwarmTunnelSidecar("connector", { tunnelId: tunnel.tunnelId, credentials: tunnel.credentials, networkIds });
 *
 * A new secret is set in place. Connectors that are connected stay so; the sidecar's credentials change with it, so it starts a
 * connector with the new secret before it stops one with the old, and no request is lost:
 *
 * @example
 * new NamedTunnel("edge", { accountId, rotation: { since: "2027-01-01", every: "2160h" } });
 *
 * An adopted tunnel keeps its id, names and secret; give it the name and the management that it has. From then on it belongs to the stack and
 * goes with it unless `retainOnDelete` is set:
 *
 * @example
 * new NamedTunnel("edge", { accountId, tunnelName: "office", adoptTunnelId: await findTunnelId({ accountId, name: "office" }) });
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
    /** When the next secret is due, in RFC 3339; empty without a schedule. */
    public readonly rotatesAt: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the tunnel where `tunnelName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: NamedTunnelArgs, opts?: pulumi.ComponentResourceOptions) {
        checkTunnelArgs(name, args);
        super("sallyport:index:NamedTunnel", name, args, opts);

        const { accountId, adoptTunnelId } = args;
        const own = adoptTunnelId === undefined ? ownSecret(name, args, this) : undefined;
        // The provider's default is "local": the connector would wait for a file that nobody writes.
        const configSrc = args.management === TunnelManagement.Local ? "local" : "cloudflare";
        const tunnel = new ZeroTrustTunnelCloudflared(
            `${name}-tunnel`,
            {
                accountId,
                name: args.tunnelName ?? name,
                configSrc,
                ...(own === undefined ? {} : { tunnelSecret: own.secret }),
            },
            {
                parent: this,
                aliases: formerly(args.formerName),
                // The API tells neither when it is asked for an existing tunnel, so both would count as changed.
                ...(adoptTunnelId === undefined
                    ? {}
                    : { import: `${accountId}/${adoptTunnelId}`, ignoreChanges: ["configSrc", "tunnelSecret"] }),
            },
        );

        this.tunnelId = own === undefined ? managedAs(name, tunnel, configSrc) : tunnel.id;
        this.tunnelName = tunnel.name;
        this.cname = pulumi.interpolate`${this.tunnelId}.cfargotunnel.com`;
        this.credentials = own?.credentialsOf(tunnel.id) ?? adoptedCredentials(accountId, tunnel.id, this);
        this.rotatesAt = pulumi.output(own?.rotatesAt ?? "");
        this.registerOutputs({
            tunnelId: this.tunnelId,
            tunnelName: this.tunnelName,
            cname: this.cname,
            credentials: this.credentials,
            rotatesAt: this.rotatesAt,
        });
    }
}

/** The names under which the tunnel may stand in the state of an older program, at its top level. */
function formerly(name: string | undefined): pulumi.Alias[] {
    if (name === undefined) return [];
    const types = ["argoTunnel:ArgoTunnel", "tunnel:Tunnel", "zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared"];
    return types.map((type) => ({ name, type: `cloudflare:index/${type}`, parent: pulumi.rootStackResource }));
}

/** The id of an adopted tunnel, once it is known to take its rules from where the program says. */
function managedAs(name: string, tunnel: ZeroTrustTunnelCloudflared, configSrc: string): pulumi.Output<string> {
    return pulumi.all([tunnel.id, tunnel.remoteConfig]).apply(([id, isRemote]) => {
        if (isRemote === (configSrc === "cloudflare")) return id;
        const [is, write] = isRemote ? ["remotely", TunnelManagement.Remote] : ["locally", TunnelManagement.Local];
        const reason = `contradicts the adopted tunnel, which is ${is} managed. Write "${write}", or migrate the tunnel first.`;
        throw lateProblem("NamedTunnel", name, "management", reason);
    });
}

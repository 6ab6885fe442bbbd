import { ZeroTrustAccessShortLivedCertificate } from "@pulumi/cloudflare/zeroTrustAccessShortLivedCertificate.js";
import * as pulumi from "@pulumi/pulumi";
import { checkGuard, guardingApplication } from "../access/guardingApplication.ts";
import { checkShape } from "../internal/shape.ts";
import {
    hostnameProblem,
    memberProblem,
    originHostProblem,
    PROTOCOLS,
    portProblem,
    TcpProtocol,
} from "../validation/index.ts";
import {
    clientCommand,
    connectionString,
    SSHD_CONFIG_LINES,
    sshConfigLines,
    usualLocalPort,
} from "./tcp/clientLines.ts";
import { composeSnippet } from "./tcp/clientScript.ts";

export interface TcpAppArgs {
    /** Account that owns the application: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Public host name that clients name. Plain, so that it is checked before anything is made; no wildcard. */
    hostname: string;
    /** What the origin speaks. */
    protocol: TcpProtocol;
    /** Host of the origin as the connector resolves it: a service of the Swarm, a name or an address. IPv6 in brackets. */
    host: pulumi.Input<string>;
    /** Port of the origin. The protocol's own if omitted; `tcp` has none. */
    port?: number;
    /** Reusable Access policies, in order of precedence; {@link AccessAudience} makes them. At least one. */
    policyIds: pulumi.Input<pulumi.Input<string>[]>;
    /** How long a login lasts before Access asks again, in Go's form, at most `730h`. A day (`24h`) if omitted. */
    sessionDuration?: pulumi.Input<string>;
    /** Name in the dashboard and in the app launcher. The component's name if omitted. */
    applicationName?: pulumi.Input<string>;
    /** Show a terminal (SSH) or a desktop (VNC) in the browser, for machines without `cloudflared`. False if omitted. */
    browserRendered?: boolean;
    /** Log in to the SSH server with certificates that Access signs at each login. True for SSH if omitted; only for SSH. */
    shortLivedCertificates?: boolean;
    /** Port that clients open on loopback. The origin's own if omitted, plus 10000 where that needs privileges. */
    localPort?: number;
}

/**
 * A database, an SSH server or anything else over TCP behind Access: the application before the host name, and what a
 * {@link TunnelIngress} and a person's laptop need to know.
 *
 * A client reaches it through `cloudflared access`, which asks for a login in the browser or sends a service token. What is
 * behind still asks for its own password: Access stands before it and does not replace it.
 *
 * @example
 * const db = new TcpApp("orders-db", {
 *     accountId,
 *     hostname: "orders-db.example.com",
 *     protocol: TcpProtocol.PostgreSql,
 *     host: "postgres",
 *     policyIds: staff.policyIds,
 * });
 * const routes = [{ hostname: "orders-db.example.com", service: db.service, audience: db.audience }];
 * new TunnelIngress("ingress", { accountId, zoneId, tunnelId, team: "example", routes });
 * export const connect = db.clientCommand; // cloudflared access tcp --hostname orders-db.example.com --url 127.0.0.1:5432
 */
export class TcpApp extends pulumi.ComponentResource {
    /** UUID of the application. */
    public readonly applicationId: pulumi.Output<string>;
    /** Audience tag: the `aud` of every token that Access issues for this application. */
    public readonly audience: pulumi.Output<string>;
    /** The guarded host name. */
    public readonly hostname: pulumi.Output<string>;
    /** Origin for the ingress route: `tcp://postgres:5432`, `ssh://bastion:22`. */
    public readonly service: pulumi.Output<string>;
    /** Command that opens the local port. */
    public readonly clientCommand: pulumi.Output<string>;
    /** What a client is given once the port is open, with `USER` and the like to fill in and without a password. */
    public readonly connectionString: pulumi.Output<string>;
    /** Part of a Compose file for developers and CI: a client with a service token, on the loopback of the service `app`. */
    public readonly composeSnippet: pulumi.Output<string>;
    /** Lines for `~/.ssh/config`; empty for other protocols. */
    public readonly sshConfig: pulumi.Output<string>;
    /** Public key of the authority that signs SSH certificates, one line; empty without short-lived certificates. */
    public readonly sshCaPublicKey: pulumi.Output<string>;
    /** Lines for the server's `sshd_config`, which expect the public key in `/etc/ssh/cloudflare-access-ca.pub`; empty without short-lived certificates. */
    public readonly sshdConfig: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the application where `applicationName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TcpAppArgs, opts?: pulumi.ComponentResourceOptions) {
        const port = checkArgs(name, args);
        // An application that was a ZeroTrustApp before stays the same application.
        const aliases = [{ type: "sallyport:index:ZeroTrustApp" }];
        super("sallyport:index:TcpApp", name, args, pulumi.mergeOptions(opts, { aliases }));

        const { accountId, hostname, protocol } = args;
        const { scheme, browser } = PROTOCOLS[protocol];
        const type = args.browserRendered && browser !== undefined ? browser : "self_hosted";
        const application = guardingApplication(name, args, { component: "TcpApp", domain: hostname, type }, this);
        const certificates =
            protocol === TcpProtocol.Ssh && args.shortLivedCertificates !== false
                ? new ZeroTrustAccessShortLivedCertificate(
                      `${name}-ssh-ca`,
                      { accountId, appId: application.id },
                      { parent: this },
                  )
                : undefined;

        const localPort = args.localPort ?? usualLocalPort(port);
        const endpoint = { hostname, protocol, localPort };
        const isSsh = protocol === TcpProtocol.Ssh;
        this.applicationId = application.id;
        this.audience = application.aud;
        this.hostname = pulumi.output(hostname);
        this.service = pulumi.interpolate`${scheme}://${args.host}:${port}`;
        this.clientCommand = pulumi.output(clientCommand(endpoint));
        this.connectionString = pulumi.output(connectionString(endpoint));
        this.composeSnippet = pulumi.output(composeSnippet(endpoint));
        this.sshConfig = pulumi.output(isSsh ? sshConfigLines(hostname, certificates !== undefined) : "");
        this.sshCaPublicKey = certificates?.publicKey ?? pulumi.output("");
        this.sshdConfig = pulumi.output(certificates === undefined ? "" : SSHD_CONFIG_LINES);
        this.registerOutputs({
            applicationId: this.applicationId,
            audience: this.audience,
            hostname: this.hostname,
            service: this.service,
            clientCommand: this.clientCommand,
            connectionString: this.connectionString,
            composeSnippet: this.composeSnippet,
            sshConfig: this.sshConfig,
            sshCaPublicKey: this.sshCaPublicKey,
            sshdConfig: this.sshdConfig,
        });
    }
}

/** @returns the origin's port. */
function checkArgs(name: string, args: TcpAppArgs): number {
    const problems = checkShape("TcpApp", name, args);
    const { protocol } = args;
    checkGuard(problems, name, args);
    problems.add("hostname", hostnameProblem(args.hostname, { wildcard: false }));
    problems.add("protocol", memberProblem(protocol, Object.values(TcpProtocol)));
    problems.check("host", args.host, originHostProblem);
    problems.check("port", args.port, portProblem);
    problems.check("localPort", args.localPort, portProblem);
    const facts = PROTOCOLS[protocol];
    const port = args.port ?? facts?.port;
    if (facts !== undefined && port === undefined) {
        problems.add("port", `is missing, and "${protocol}" has none of its own. Write the port of the origin.`);
    }
    if (args.browserRendered && facts !== undefined && facts.browser === undefined) {
        problems.add("browserRendered", `is not possible for "${protocol}". Leave it out; "ssh" and "vnc" have it.`);
    }
    if (args.shortLivedCertificates && protocol !== TcpProtocol.Ssh) {
        problems.add("shortLivedCertificates", `is not possible for "${protocol}". Leave it out; "ssh" has them.`);
    }
    problems.throwIfAny("TcpApp", name);
    // A missing port is among the problems.
    return port as number;
}

import * as pulumi from "@pulumi/pulumi";
import { AccessAudience } from "../access/accessAudience.ts";
import { ServiceToken } from "../access/serviceToken.ts";
import { ZeroTrustApp } from "../access/zeroTrustApp.ts";
import { checkRotation } from "../internal/checkRotation.ts";
import type { HostFile } from "../internal/hostFile.ts";
import { checkShape } from "../internal/shape.ts";
import { usualLocalPort } from "../tunnel/tcp/clientLines.ts";
import { TcpApp } from "../tunnel/tcpApp.ts";
import {
    accountIdProblem,
    dockerNameProblem,
    durationProblem,
    executableProblem,
    folderProblem,
    hostnameProblem,
    originHostProblem,
    portProblem,
    type RotationSchedule,
    TcpProtocol,
} from "../validation/index.ts";
import { compileIntentions, type PermittedPath } from "./federation/intentions.ts";
import { unknownProblem } from "./federation/names.ts";
import { federationProblems } from "./federation/problems.ts";
import { BackEnd, type TradeOff, tradeOffOf } from "./federation/tradeOffs.ts";
import { type Federation, FederationProtocol } from "./federation.ts";
import { userProblem } from "./host/user.ts";
import { type LinkClient, linkFiles, tokenFile } from "./tunnelLink/linkFiles.ts";

export interface TunnelLinkArgs {
    /** Account of the site whose service is used: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** The federation. */
    federation: Federation;
    /** Name of the service that uses. An intention lets it use the other one. */
    from: string;
    /** Name of the service that is used. */
    to: string;
    /** Public host name for this pair. Plain, so that it is checked before anything is made; no wildcard. */
    hostname: string;
    /** Host of the service as the connector resolves it. Its name in Consul's DNS, `<service>.service.consul`, if omitted. */
    host?: pulumi.Input<string>;
    /** How long the token is good, in Go's form. One year (`8760h`) if omitted. */
    tokenDuration?: pulumi.Input<string>;
    /** When the token's secret is replaced by the calendar ({@link ServiceToken}). By hand alone if omitted. */
    rotation?: RotationSchedule;
    /** Port that is opened on the loopback of the using service's nodes. The used one's own if omitted, plus 10000 where that needs privileges. */
    localPort?: number;
    /** User of those nodes, by name or number, who alone may use the port. Every program of the node if omitted. */
    user?: string;
    /** Absolute path of `traefik` on those nodes, for HTTP. `/usr/local/bin/traefik` if omitted. */
    executable?: string;
    /** Folder of those nodes for the files. `/etc/sallyport/<name>` if omitted. */
    folder?: string;
}

/**
 * One service of a federation for one other, through a tunnel with Access: no port is open anywhere, and both sides may be behind NAT.
 *
 * On the used side it makes the Access application of a host name for this pair alone, which a service token of its own and nobody else passes; the host name
 * goes into the {@link TunnelIngress} of that side's tunnel. On the using side it is files for the nodes: a port of loopback that leads there. Over TCP `cloudflared`
 * carries each connection, and has to be on the nodes' PATH; over HTTP Traefik adds the token to each request.
 *
 * Once the intention and its link are gone, no connection is made any more. Over HTTP that is all there is; an open TCP connection passes until the connector or
 * the client ends, so restart one of them: it takes as long as the connector's grace, 30 seconds.
 *
 * @example
 * const link = new TunnelLink("forge-ldap", { accountId, federation, from: "forge", to: "ldap", hostname: "forge-ldap.example.com" });
 * const routes = [{ hostname: "forge-ldap.example.com", service: link.service, audience: link.audience }];
 * new TunnelIngress("ingress", { accountId, zoneId, tunnelId, team: "example", routes });
 * export const clientFiles = link.files;
 * export const clientSecretFiles = link.secretFiles;
 */
export class TunnelLink extends pulumi.ComponentResource {
    /** Audience tag of the Access application, for the ingress route. */
    public readonly audience: pulumi.Output<string>;
    /** Origin for the ingress route: `tcp://ldap.service.consul:636`. */
    public readonly service: pulumi.Output<string>;
    /** Names of the nodes that get the files. */
    public readonly nodes: pulumi.Output<string[]>;
    /** What each of them gets. Nothing in it is secret. */
    public readonly files: pulumi.Output<HostFile[]>;
    /** Secret: the token, in a file that only the client reads. */
    public readonly secretFiles: pulumi.Output<HostFile[]>;
    /** Command to run once the files are there, and after each change to them but a renewed token. */
    public readonly start: pulumi.Output<string>;
    /** Command to run after the token was renewed: connections stay open. */
    public readonly renew: pulumi.Output<string>;
    /** Where the using service finds the used one: `127.0.0.1:10636`. */
    public readonly address: pulumi.Output<string>;
    /** When the token ends, in RFC 3339. */
    public readonly expiresAt: pulumi.Output<string>;
    /** What was chosen with this way of connecting. */
    public readonly tradeOff: pulumi.Output<TradeOff>;

    /**
     * @param name Name of the component, of the token and the units, and of the files' folder.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TunnelLinkArgs, opts?: pulumi.ComponentResourceOptions) {
        const path = checkArgs(name, args);
        super("sallyport:index:TunnelLink", name, args, opts);

        const { accountId, hostname } = args;
        const child = { parent: this };
        const token = new ServiceToken(
            `${name}-token`,
            {
                accountId,
                tokenName: name,
                ...(args.tokenDuration === undefined ? {} : { duration: args.tokenDuration }),
                ...(args.rotation === undefined ? {} : { rotation: args.rotation }),
            },
            child,
        );
        const audience = new AccessAudience(
            `${name}-audience`,
            { accountId, audienceName: name, serviceTokenIds: [token.tokenId] },
            child,
        );
        const isHttp = path.to.protocol === FederationProtocol.Http;
        const host = args.host ?? `${path.to.name}.service.${args.federation.domain ?? "consul"}`;
        const guarded = { accountId, hostname, applicationName: name, policyIds: audience.policyIds };
        const app = isHttp
            ? new ZeroTrustApp(`${name}-app`, guarded, child)
            : new TcpApp(`${name}-app`, { ...guarded, protocol: TcpProtocol.Tcp, host, port: path.port }, child);

        const client: LinkClient = {
            name,
            hostname,
            isHttp,
            localPort: args.localPort ?? usualLocalPort(path.port),
            folder: args.folder ?? `/etc/sallyport/${name}`,
            user: args.user,
            executable: args.executable ?? "/usr/local/bin/traefik",
        };
        const { files, start, renew } = linkFiles(client);
        this.audience = app.audience;
        this.service = app instanceof TcpApp ? app.service : pulumi.interpolate`http://${host}:${path.port}`;
        this.nodes = pulumi.output(path.fromNodes.map((node) => node.name));
        this.files = pulumi.output(files);
        this.secretFiles = pulumi.secret(
            pulumi
                .all([token.clientId, token.clientSecret])
                .apply(([clientId, clientSecret]) => [tokenFile(client, { clientId, clientSecret })]),
        );
        this.start = pulumi.output(start);
        this.renew = pulumi.output(renew);
        this.address = pulumi.output(`127.0.0.1:${client.localPort}`);
        this.expiresAt = token.expiresAt;
        this.tradeOff = pulumi.output(tradeOffOf(BackEnd.TunnelLink));
        this.registerOutputs({
            audience: this.audience,
            service: this.service,
            nodes: this.nodes,
            files: this.files,
            secretFiles: this.secretFiles,
            start: this.start,
            renew: this.renew,
            address: this.address,
            expiresAt: this.expiresAt,
            tradeOff: this.tradeOff,
        });
    }
}

/** @returns what the intention of the pair lets through. */
function checkArgs(name: string, args: TunnelLinkArgs): PermittedPath {
    const problems = checkShape("TunnelLink", name, args);
    const { federation, from, to } = args;
    const mistakes = federationProblems(federation);
    const paths = mistakes.length === 0 ? compileIntentions(federation) : [];
    const path = paths.find((one) => one.from.name === from && one.to.name === to);
    const services = federation.services.map((service) => service.name);
    const unknown = unknownProblem(from, services, "a service");
    problems.addAll(mistakes);
    problems.add("from", unknown);
    if (mistakes.length === 0 && unknown === undefined && path === undefined) {
        problems.add("to", `is ${JSON.stringify(to)}, which no intention lets ${JSON.stringify(from)} use. Write one.`);
    }
    problems.add("name", dockerNameProblem(name));
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.add("hostname", hostnameProblem(args.hostname, { wildcard: false }));
    problems.check("host", args.host, originHostProblem);
    problems.check("tokenDuration", args.tokenDuration, (duration) => durationProblem(duration, { min: "1h" }));
    checkRotation(problems, args.rotation);
    problems.check("localPort", args.localPort, portProblem);
    problems.check("user", args.user, userProblem);
    problems.check("executable", args.executable, executableProblem);
    problems.check("folder", args.folder, folderProblem);
    problems.throwIfAny("TunnelLink", name);
    // A missing intention is among the problems.
    return path as PermittedPath;
}

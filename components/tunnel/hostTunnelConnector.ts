import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../internal/problems.ts";
import {
    dockerNameProblem,
    executableProblem,
    ipRangeProblem,
    memberProblem,
    normaliseIpRange,
    tunnelIdProblem,
} from "../validation/index.ts";
import { configFileProblem, credentialsProblem } from "./connectorFiles.ts";
import { ConnectorLogLevel, TunnelProtocol } from "./connectorSettings.ts";
import { CLOUDFLARE_RANGES } from "./host/cloudflareRanges.ts";
import { systemdUnit } from "./host/systemdUnit.ts";

/** A file to put onto the machine, owned by root. */
export interface HostFile {
    /** Absolute path. */
    path: string;
    /** Permissions, octal: `0644`. */
    mode: string;
    /** The whole text. */
    content: string;
}

export interface HostTunnelConnectorArgs {
    /** UUID of the tunnel ({@link NamedTunnel}). */
    tunnelId: pulumi.Input<string>;
    /** Text of the tunnel's credentials file. */
    credentials: pulumi.Input<string>;
    /** Ingress rules of a locally managed tunnel (`configFile` of a {@link TunnelIngress}). From Cloudflare if omitted. */
    configFile?: pulumi.Input<string>;
    /** Addresses or ranges of the origins: beside the edge and the resolvers, the connector reaches nothing else. At least one. */
    origins: string[];
    /** Addresses of the machine's resolvers. `127.0.0.53` (systemd-resolved) if omitted. */
    resolvers?: string[];
    /** Ranges of the edge. Cloudflare's published ones if omitted. */
    edgeRanges?: string[];
    /** Absolute path of `cloudflared` on the machine. `/usr/local/bin/cloudflared` if omitted. */
    executable?: string;
    /** How to reach the edge. `auto` if omitted. */
    protocol?: TunnelProtocol;
    /** What the connector writes to its log. `info` if omitted. */
    logLevel?: ConnectorLogLevel;
}

/**
 * A connector on a machine itself, for databases and servers outside Docker: a hardened systemd unit and its files, to be put onto the
 * machine by whatever manages it.
 *
 * The kernel holds it to the origins that are named: whatever rules somebody sends it, it reaches nothing else of the machine or its
 * network. Name `127.0.0.1` only where the origin listens there, because that opens everything else that does.
 *
 * @example
 * const host = new HostTunnelConnector("db-1", {
 *     tunnelId: tunnel.tunnelId,
 *     credentials: tunnel.credentials,
 *     configFile: ingress.configFile,
 *     origins: ["10.0.0.5"],
 * });
 * export const files = host.files;
 * export const secretFiles = host.secretFiles;
 */
export class HostTunnelConnector extends pulumi.ComponentResource {
    /** Name of the unit: `systemctl enable --now <unit>`. */
    public readonly unitName: pulumi.Output<string>;
    /** The unit and, for a locally managed tunnel, its rules. Nothing in them is secret. */
    public readonly files: pulumi.Output<HostFile[]>;
    /** Secret: the credentials, which only root may read. */
    public readonly secretFiles: pulumi.Output<HostFile[]>;

    /**
     * @param name Name of the component, of the unit and of the files' folder.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: HostTunnelConnectorArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const credentials = pulumi.secret(args.credentials);
        // Arguments of a component are kept in the state: the secret enters them as a secret.
        super("sallyport:index:HostTunnelConnector", name, { ...args, credentials }, opts);

        const unitName = `sallyport-${name}.service`;
        const folder = `/etc/sallyport/${name}`;
        const credentialsPath = `${folder}/credentials.json`;
        const configPath = args.configFile === undefined ? undefined : `${folder}/config.json`;
        const { origins, resolvers = ["127.0.0.53"], edgeRanges = CLOUDFLARE_RANGES } = args;
        const unit = pulumi.output(args.tunnelId).apply((tunnelId) =>
            systemdUnit({
                name,
                tunnelId,
                credentialsPath,
                configPath,
                executable: args.executable ?? "/usr/local/bin/cloudflared",
                addresses: [...origins, ...resolvers, ...edgeRanges].map(normaliseIpRange),
                protocol: args.protocol ?? TunnelProtocol.Auto,
                logLevel: args.logLevel ?? ConnectorLogLevel.Info,
            }),
        );

        this.unitName = pulumi.output(unitName);
        this.files = pulumi
            .all([unit, args.configFile])
            .apply(([content, config]) => [
                { path: `/etc/systemd/system/${unitName}`, mode: "0644", content },
                ...(config === undefined || configPath === undefined
                    ? []
                    : [{ path: configPath, mode: "0644", content: config }]),
            ]);
        this.secretFiles = credentials.apply((content) => [{ path: credentialsPath, mode: "0400", content }]);
        this.registerOutputs({ unitName: this.unitName, files: this.files, secretFiles: this.secretFiles });
    }
}

function checkArgs(name: string, args: HostTunnelConnectorArgs): void {
    const problems = new Problems();
    problems.add("name", dockerNameProblem(name));
    problems.check("tunnelId", args.tunnelId, tunnelIdProblem);
    problems.check("credentials", args.credentials, credentialsProblem);
    problems.check("configFile", args.configFile, configFileProblem);
    problems.check("executable", args.executable, executableProblem);
    problems.check("protocol", args.protocol, (value) => memberProblem(value, Object.values(TunnelProtocol)));
    problems.check("logLevel", args.logLevel, (value) => memberProblem(value, Object.values(ConnectorLogLevel)));
    const lists = { origins: args.origins, resolvers: args.resolvers, edgeRanges: args.edgeRanges };
    for (const [path, list] of Object.entries(lists)) {
        if (list?.length === 0) problems.add(path, 'is empty. Write at least one address, such as "10.0.0.5".');
        problems.checkEach(path, list, ipRangeProblem);
    }
    problems.throwIfAny("HostTunnelConnector", name);
}

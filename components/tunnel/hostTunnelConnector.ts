import * as pulumi from "@pulumi/pulumi";
import { type HostFile, ownerOnly, ROOT, readable } from "../internal/hostFile.ts";
import { checkShape } from "../internal/shape.ts";
import { NONROOT } from "../internal/swarm.ts";
import {
    dockerNameProblem,
    executableProblem,
    imageProblem,
    ipRangeProblem,
    memberProblem,
    normaliseIpRange,
    tunnelIdProblem,
} from "../validation/index.ts";
import { configFileProblem, credentialsProblem } from "./connectorFiles.ts";
import { CONNECTOR_IMAGE, ConnectorLogLevel, TunnelProtocol } from "./connectorSettings.ts";
import { CLOUDFLARE_RANGES } from "./host/cloudflareRanges.ts";
import { composeFile, firewallFile } from "./host/containerFiles.ts";
import { systemdUnit } from "./host/systemdUnit.ts";

/** How the connector runs on the machine. */
export const HostConnectorKind = {
    /** As a systemd unit. */
    Systemd: "systemd",
    /** As a container that Compose starts, with rules for nftables beside it. */
    Container: "container",
} as const;
export type HostConnectorKind = (typeof HostConnectorKind)[keyof typeof HostConnectorKind];

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
    /** How the connector runs. As a systemd unit if omitted. */
    kind?: HostConnectorKind;
    /** Image with `cloudflared` on its PATH, pinned, for a container. `cloudflare/cloudflared:2025.2.0` if omitted. */
    image?: string;
    /** Absolute path of `cloudflared` on the machine, for a unit. `/usr/local/bin/cloudflared` if omitted. */
    executable?: string;
    /** How to reach the edge. `auto` if omitted. */
    protocol?: TunnelProtocol;
    /** What the connector writes to its log. `info` if omitted. */
    logLevel?: ConnectorLogLevel;
}

/**
 * A connector on a machine itself, for databases and servers outside Docker, as files to be put onto the machine by whatever manages it: a
 * hardened systemd unit, or a Compose file with rules for nftables.
 *
 * Either way the kernel holds it to the origins that are named: whatever rules somebody sends it, it reaches nothing else of the machine or
 * its network. Name `127.0.0.1` only for a unit, and only where the origin listens there, because that opens everything else that does.
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
    /** Command that starts the connector once its files are there, and after each change to them. */
    public readonly start: pulumi.Output<string>;
    /** The unit, or Compose file and firewall, and the rules of a locally managed tunnel. Nothing in them is secret. */
    public readonly files: pulumi.Output<HostFile[]>;
    /** Secret: the credentials, which only their owner may read. */
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

        const { kind = HostConnectorKind.Systemd } = args;
        const folder = `/etc/sallyport/${name}`;
        const configPath = args.configFile === undefined ? undefined : `${folder}/config.json`;
        const credentialsPath = `${folder}/credentials.json`;
        const { files, start } = kind === HostConnectorKind.Systemd ? unitFiles : containerFiles;
        const rendered = pulumi
            .output(args.tunnelId)
            .apply((tunnelId) => files({ ...settingsOf(name, args), tunnelId, folder, credentialsPath, configPath }));

        this.start = pulumi.output(start(name));
        this.files = pulumi
            .all([rendered, args.configFile])
            .apply(([own, config]) => [
                ...own,
                ...(config === undefined || configPath === undefined ? [] : [readable(configPath, config)]),
            ]);
        // The unit's is read by systemd, which is root; a container reads its own.
        const owner = kind === HostConnectorKind.Systemd ? ROOT : `${NONROOT}:${NONROOT}`;
        this.secretFiles = credentials.apply((content) => [ownerOnly(credentialsPath, owner, content)]);
        this.registerOutputs({ start: this.start, files: this.files, secretFiles: this.secretFiles });
    }
}

type FileSettings = ReturnType<typeof settingsOf> & {
    tunnelId: string;
    folder: string;
    credentialsPath: string;
    configPath: string | undefined;
};

/** What does not depend on the tunnel. */
function settingsOf(name: string, args: HostTunnelConnectorArgs) {
    const { origins, resolvers = ["127.0.0.53"], edgeRanges = CLOUDFLARE_RANGES } = args;
    return {
        name,
        executable: args.executable ?? "/usr/local/bin/cloudflared",
        image: args.image ?? CONNECTOR_IMAGE,
        origins: origins.map(normaliseIpRange),
        resolvers: resolvers.map(normaliseIpRange),
        edgeRanges: edgeRanges.map(normaliseIpRange),
        protocol: args.protocol ?? TunnelProtocol.Auto,
        logLevel: args.logLevel ?? ConnectorLogLevel.Info,
    };
}

const unitFiles = {
    files: (settings: FileSettings): HostFile[] => {
        const addresses = [...settings.origins, ...settings.resolvers, ...settings.edgeRanges];
        const unit = systemdUnit({ ...settings, addresses });
        return [readable(`/etc/systemd/system/sallyport-${settings.name}.service`, unit)];
    },
    start: (name: string) =>
        `systemctl daemon-reload && systemctl enable sallyport-${name} && systemctl restart sallyport-${name}`,
};

const containerFiles = {
    files: (settings: FileSettings): HostFile[] => [
        readable(`${settings.folder}/compose.yaml`, composeFile(settings)),
        readable(`${settings.folder}/firewall.nft`, firewallFile(settings)),
    ],
    // The firewall first: the connector never runs without it.
    start: (name: string) =>
        `nft -f /etc/sallyport/${name}/firewall.nft && docker compose -f /etc/sallyport/${name}/compose.yaml up -d --force-recreate`,
};

function checkArgs(name: string, args: HostTunnelConnectorArgs): void {
    const problems = checkShape("HostTunnelConnector", name, args);
    problems.add("name", dockerNameProblem(name));
    problems.check("tunnelId", args.tunnelId, tunnelIdProblem);
    problems.check("credentials", args.credentials, credentialsProblem);
    problems.check("configFile", args.configFile, configFileProblem);
    problems.check("kind", args.kind, (kind) => memberProblem(kind, Object.values(HostConnectorKind)));
    problems.check("image", args.image, imageProblem);
    problems.check("executable", args.executable, executableProblem);
    problems.check("protocol", args.protocol, (value) => memberProblem(value, Object.values(TunnelProtocol)));
    problems.check("logLevel", args.logLevel, (value) => memberProblem(value, Object.values(ConnectorLogLevel)));
    const lists = { origins: args.origins, resolvers: args.resolvers, edgeRanges: args.edgeRanges };
    for (const [path, list] of Object.entries(lists)) {
        if (list?.length === 0) problems.add(path, 'is empty. Write at least one address, such as "10.0.0.5".');
        problems.checkEach(path, list, ipRangeProblem);
    }
    for (const [index, origin] of args.origins.entries()) {
        if (args.kind !== HostConnectorKind.Container || !/^(127\.|::1(\/|$))/.test(origin)) continue;
        const own = "is the container's own loopback. Write the address of the machine on which the origin listens.";
        problems.add(`origins[${index}]`, `${JSON.stringify(origin)} ${own}`);
    }
    problems.throwIfAny("HostTunnelConnector", name);
}

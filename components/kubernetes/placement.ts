import * as pulumi from "@pulumi/pulumi";
import type { HostFile } from "../internal/hostFile.ts";
import { toYaml } from "../internal/yaml.ts";
import { CLOUDFLARE_RANGES } from "../tunnel/host/cloudflareRanges.ts";
import { HostTunnelConnector } from "../tunnel/hostTunnelConnector.ts";
import { normaliseIpRange, parseApiServer } from "../validation/index.ts";
import type { ClusterAccessArgs } from "./clusterAccess.ts";
import { ClusterConnectorKind } from "./clusterConnector.ts";
import { rangesOfApiServer } from "./clusterValidation.ts";
import { type ConnectorManifests, connectorManifests } from "./connectorManifests.ts";
import type { GrantBinding } from "./grants.ts";
import type { Manifest } from "./manifest.ts";
import { resourceOf } from "./resources.ts";

/** What the connectors are made from beside the component's arguments. */
export interface Connected {
    clusterName: string;
    tunnelId: pulumi.Output<string>;
    credentials: pulumi.Output<string>;
    configFile: pulumi.Output<string> | undefined;
    bindings: readonly GrantBinding[];
}

/** What is left for somebody else to put where it belongs. */
export interface Placed {
    manifests: pulumi.Output<string>;
    /** Secret. */
    secretManifest: pulumi.Output<string>;
    files: pulumi.Output<HostFile[]>;
    /** Secret. */
    secretFiles: pulumi.Output<HostFile[]>;
}

/** Puts connectors and grants where the arguments say, or hands them out. */
export function placeConnectors(
    name: string,
    args: ClusterAccessArgs,
    parent: pulumi.Resource,
    connected: Connected,
): Placed {
    switch (args.connector?.kind ?? ClusterConnectorKind.Deployment) {
        case ClusterConnectorKind.Deployment:
            return deployed(name, args, parent, connected);
        case ClusterConnectorKind.Manifests:
            return handedOut(args, connected);
        case ClusterConnectorKind.Host:
            return onHost(name, args, parent, connected);
    }
}

function deployed(name: string, args: ClusterAccessArgs, parent: pulumi.Resource, connected: Connected): Placed {
    const { namespace, secret, configMap, networkPolicy, deployment, disruptionBudget } = manifestsOf(args, connected);
    const home = resourceOf(`${name}-namespace`, namespace, { parent });
    const within = { parent, dependsOn: [home] };
    // Before the first connector starts, it is already held to its way out.
    const policy = resourceOf(`${name}-outbound-only`, networkPolicy, within);
    const files = [
        resourceOf(`${name}-credentials`, secret, within),
        ...(configMap === undefined ? [] : [resourceOf(`${name}-settings`, configMap, within)]),
    ];
    resourceOf(`${name}-connectors`, deployment, { parent, dependsOn: [home, policy, ...files] });
    resourceOf(`${name}-disruption-budget`, disruptionBudget, within);
    for (const { suffix, manifest } of connected.bindings) resourceOf(`${name}-${suffix}`, manifest, { parent });
    return nothing();
}

function handedOut(args: ClusterAccessArgs, connected: Connected): Placed {
    const { secret, ...others } = manifestsOf(args, connected);
    const { namespace, configMap, networkPolicy, deployment, disruptionBudget } = others;
    const inOrder = [namespace, networkPolicy, configMap, deployment, disruptionBudget];
    const shown = inOrder.filter((manifest) => manifest !== undefined);
    return {
        ...nothing(),
        manifests: yamlOf([...shown, ...connected.bindings.map(({ manifest }) => manifest)]),
        secretManifest: pulumi.secret(yamlOf([secret])),
    };
}

function onHost(name: string, args: ClusterAccessArgs, parent: pulumi.Resource, connected: Connected): Placed {
    const { tunnelId, credentials, configFile, bindings } = connected;
    const { edgeRanges, protocol, logLevel } = args.connector ?? {};
    const origins = rangesOfApiServer(args);
    const { files, secretFiles } = new HostTunnelConnector(
        `${name}-connector`,
        { tunnelId, credentials, configFile, origins, edgeRanges, protocol, logLevel },
        { parent },
    );
    return { ...nothing(), manifests: yamlOf(bindings.map(({ manifest }) => manifest)), files, secretFiles };
}

function manifestsOf(args: ClusterAccessArgs, connected: Connected): ConnectorManifests {
    const { connector = {}, edge } = args;
    return connectorManifests({
        clusterName: connected.clusterName,
        namespace: connector.namespace ?? "sallyport",
        tunnelId: connected.tunnelId,
        credentials: connected.credentials,
        configFile: connected.configFile,
        replicas: connector.replicas ?? 2,
        image: connector.image,
        protocol: connector.protocol,
        logLevel: connector.logLevel,
        edge,
        edgeRanges: (connector.edgeRanges ?? CLOUDFLARE_RANGES).map(normaliseIpRange),
        apiServerRanges: rangesOfApiServer(args).map(normaliseIpRange),
        apiServerPort: parseApiServer(args.server).port,
    });
}

function nothing(): Placed {
    const [manifests, secretManifest] = [pulumi.output(""), pulumi.output("")];
    return { manifests, secretManifest, files: pulumi.output([]), secretFiles: pulumi.output([]) };
}

function yamlOf(manifests: readonly Manifest[]): pulumi.Output<string> {
    return pulumi.output(manifests).apply((known) => known.map((manifest) => `---\n${toYaml(manifest)}`).join(""));
}

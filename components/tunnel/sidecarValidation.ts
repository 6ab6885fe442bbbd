import type { Problems } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import { checkMetricsNetwork } from "../observability/metricsNetwork.ts";
import {
    certificateProblem,
    constraintProblem,
    dockerNameProblem,
    durationProblem,
    edgeAddressProblem,
    imageProblem,
    memberProblem,
    networkIdsProblem,
    originHostProblem,
    proxyAddressProblem,
    replicasProblem,
    tunnelIdProblem,
} from "../validation/index.ts";
import type { TunnelEdge } from "./connectorEnvironment.ts";
import { configFileProblem, credentialsProblem } from "./connectorFiles.ts";
import { ConnectorLogLevel, TunnelProtocol } from "./connectorSettings.ts";
import type { SwarmTunnelSidecarArgs } from "./swarmTunnelSidecar.ts";

const NO_ADDRESS = 'is empty. Write at least one "host:port".';

/** Checks the arguments of a {@link SwarmTunnelSidecar}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkSidecarArgs(name: string, args: SwarmTunnelSidecarArgs): void {
    const problems = checkShape("SwarmTunnelSidecar", name, args);
    const { edge, protocol } = args;
    problems.add("name", dockerNameProblem(name));
    problems.check("tunnelId", args.tunnelId, tunnelIdProblem);
    problems.check("credentials", args.credentials, credentialsProblem);
    problems.check("configFile", args.configFile, configFileProblem);
    problems.check("networkIds", args.networkIds, networkIdsProblem);
    problems.checkEach("networkIds", args.networkIds);
    checkMetricsNetwork(problems, args.metricsNetwork);
    for (const [label, value] of Object.entries(args.labels ?? {})) problems.check(`labels.${label}`, value);
    problems.check("originCaPem", args.originCaPem, certificateProblem);
    problems.check("protocol", protocol, (value) => memberProblem(value, Object.values(TunnelProtocol)));
    checkConnector(problems, "", args);
    if (edge !== undefined) {
        checkEdge(problems, edge);
        if (protocol !== undefined && protocol !== TunnelProtocol.Http2) {
            problems.add(
                "protocol",
                `"${protocol}" is not spoken by an edge of one's own. Write "http2" or leave it out.`,
            );
        }
    }
    problems.throwIfAny("SwarmTunnelSidecar", name);
}

/** What connectors can be told wherever they are declared; `prefix` is the path before each. */
export function checkConnector(
    problems: Problems,
    prefix: string,
    settings: Pick<SwarmTunnelSidecarArgs, "image" | "replicas" | "constraints" | "logLevel" | "convergeTimeout">,
): void {
    const { image, replicas, constraints, logLevel, convergeTimeout } = settings;
    problems.check(`${prefix}image`, image, imageProblem);
    problems.check(`${prefix}replicas`, replicas, replicasProblem);
    problems.checkEach(`${prefix}constraints`, constraints, constraintProblem);
    problems.check(`${prefix}logLevel`, logLevel, (level) => memberProblem(level, Object.values(ConnectorLogLevel)));
    problems.check(`${prefix}convergeTimeout`, convergeTimeout, durationProblem);
}

/** An edge other than Cloudflare's, in the argument `edge`. */
export function checkEdge(problems: Problems, { addresses, caPem, teamProxy }: TunnelEdge): void {
    problems.check("edge.addresses", addresses, (list) => (list.length === 0 ? NO_ADDRESS : undefined));
    problems.checkEach("edge.addresses", addresses, edgeAddressProblem);
    problems.check("edge.caPem", caPem, certificateProblem);
    problems.check("edge.teamProxy.address", teamProxy?.address, proxyAddressProblem);
    problems.checkEach("edge.teamProxy.directHosts", teamProxy?.directHosts, originHostProblem);
}

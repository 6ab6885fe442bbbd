import { checkShape } from "../internal/shape.ts";
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
    for (const [label, value] of Object.entries(args.labels ?? {})) problems.check(`labels.${label}`, value);
    problems.check("image", args.image, imageProblem);
    problems.check("replicas", args.replicas, replicasProblem);
    problems.check("originCaPem", args.originCaPem, certificateProblem);
    problems.checkEach("constraints", args.constraints, constraintProblem);
    problems.check("logLevel", args.logLevel, (level) => memberProblem(level, Object.values(ConnectorLogLevel)));
    problems.check("convergeTimeout", args.convergeTimeout, durationProblem);
    problems.check("protocol", protocol, (value) => memberProblem(value, Object.values(TunnelProtocol)));
    if (edge !== undefined) {
        problems.check("edge.addresses", edge.addresses, (list) => (list.length === 0 ? NO_ADDRESS : undefined));
        problems.checkEach("edge.addresses", edge.addresses, edgeAddressProblem);
        problems.check("edge.caPem", edge.caPem, certificateProblem);
        problems.check("edge.teamProxy.address", edge.teamProxy?.address, proxyAddressProblem);
        problems.checkEach("edge.teamProxy.directHosts", edge.teamProxy?.directHosts, originHostProblem);
        if (protocol !== undefined && protocol !== TunnelProtocol.Http2) {
            problems.add(
                "protocol",
                `"${protocol}" is not spoken by an edge of one's own. Write "http2" or leave it out.`,
            );
        }
    }
    problems.throwIfAny("SwarmTunnelSidecar", name);
}

import * as pulumi from "@pulumi/pulumi";
import type { TunnelEdge } from "../tunnel/connectorEnvironment.ts";
import type { ConnectorLogLevel } from "../tunnel/connectorSettings.ts";
import { checkDiscoveryArgs } from "./discoveryValidation.ts";
import { exposeService } from "./exposeService.ts";
import { exposuresOf, type RefusedService } from "./exposures.ts";
import type { LabelledService } from "./labelledService.ts";
import type { LabelRules } from "./labelRules.ts";
import { labelsOfOurs } from "./readLabels.ts";

/** The connectors of every labelled service. */
export interface SwarmConnector {
    /** Image with `cloudflared` on its PATH, pinned. That of {@link SwarmTunnelSidecar} if omitted. */
    image?: pulumi.Input<string>;
    /** Connectors of each service, 1 to 25. 2 if omitted, so that an update leaves no gap. */
    replicas?: number;
    /** Swarm placement constraints, such as `node.role==worker`. None if omitted. */
    constraints?: string[];
    /** What connectors write to their log. `info` if omitted. */
    logLevel?: ConnectorLogLevel;
    /** How long a deployment waits for connectors to be registered with the edge. `2m` if omitted; `0s` does not wait. */
    convergeTimeout?: string;
}

/** The proxies of the labelled services that ask for TLS, middlewares or paths. */
export interface SwarmProxy {
    /** Image with `traefik` on its PATH, pinned. That of {@link TraefikProxy} if omitted. */
    image?: pulumi.Input<string>;
    /** Proxies of each such service, 1 to 25. 2 if omitted, so that an update leaves no gap. */
    replicas?: number;
    /** Swarm placement constraints, such as `node.role==worker`. None if omitted. */
    constraints?: string[];
    /** How long a deployment waits for proxies to be healthy. `2m` if omitted; `0s` does not wait. */
    convergeTimeout?: string;
}

export interface SwarmDiscoveryArgs {
    /** Account that owns tunnels and applications: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Zone of the host names: 32 hexadecimal digits. */
    zoneId: pulumi.Input<string>;
    /** Access team: the first label of `<team>.cloudflareaccess.com`. */
    team: pulumi.Input<string>;
    /** Who owns what is made here, such as the name of the stack: stands in the names of tunnels and applications and in the comments of records, so that several clusters can share an account and a zone. At most 24 letters, digits, `_` and `-`. */
    owner: string;
    /** What all this is made from, such as a digest, in at most 10 letters and digits: stands in the comments of records, so that anybody sees whether a name is published as it should be. None if omitted. */
    revision?: string;
    /** Services of the Swarm with their labels, as the engine tells them. Those without labels of ours are passed over. */
    services: LabelledService[];
    /** What labels may ask for. */
    rules: LabelRules;
    /** Reusable Access policies by name of the audience; {@link AccessAudience} makes them. One list for each audience of the rules. */
    policyIds: Record<string, pulumi.Input<pulumi.Input<string>[]>>;
    /** The connectors. Two of the pinned image for each service if omitted. */
    connector?: SwarmConnector;
    /** The proxies. Two of the pinned image for each service that asks for what only a proxy does if omitted. */
    proxy?: SwarmProxy;
    /** Certificate authority of `https` services, in PEM. System roots alone if omitted. */
    originCaPem?: pulumi.Input<string>;
    /** An edge other than Cloudflare's. Cloudflare's if omitted. */
    edge?: TunnelEdge;
}

/**
 * Services of a Docker Swarm that ask by their labels to be reached, each behind a tunnel, an Access application and connectors of its own.
 *
 * Whoever deploys a service says in its labels under which name and for which audience; the stack's owner says in `rules` which names and
 * audiences labels may ask for. Anything else is refused: the service is not exposed, and a warning says why.
 *
 * A connector joins the service's own overlay network and no other one, and speaks to nothing but the service's tasks. Where that network is
 * internal it gets a way out of its own. A service that asks for TLS, middlewares or paths gets a {@link TraefikProxy} of its own: that joins the service's
 * network, and the connector speaks TLS to it on a network where nobody else is. All is made in the order application, ingress rule, DNS record, and goes the other way round.
 *
 * @example
 * new SwarmDiscovery("swarm", {
 *     accountId,
 *     zoneId,
 *     team: "example",
 *     owner: pulumi.getStack(),
 *     services,
 *     rules: { zone: "example.com", hostnames: ["*-dev.example.com"], audiences: [{ name: "staff" }] },
 *     policyIds: { staff: staff.policyIds },
 * });
 */
export class SwarmDiscovery extends pulumi.ComponentResource {
    /** Published host names, sorted. */
    public readonly hostnames: pulumi.Output<string[]>;
    /** Names of the services that are exposed, sorted. */
    public readonly exposed: pulumi.Output<string[]>;
    /** Services that asked for something that they cannot have, with everything that is wrong. */
    public readonly refused: pulumi.Output<RefusedService[]>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args` but labels, before anything is registered.
     */
    constructor(name: string, args: SwarmDiscoveryArgs, opts?: pulumi.ComponentResourceOptions) {
        checkDiscoveryArgs(name, args);
        // Labels of others may hold anything, and arguments of a component are kept in the state.
        const services = args.services.map((service) => ({ ...service, labels: labelsOfOurs(service.labels) }));
        super("sallyport:index:SwarmDiscovery", name, { ...args, services }, opts);

        const { exposures, refused } = exposuresOf(services, args.rules);
        for (const { serviceName, problems } of refused) {
            const reasons = problems.map(({ path, reason }) => `${path}: ${reason}`);
            pulumi.log.warn(`${JSON.stringify(serviceName)} is not exposed: ${reasons.join(" ")}`, this);
        }
        const published = exposures.map((exposure) => exposeService(exposure, args, this).hostnames);

        this.hostnames = pulumi.all(published).apply((lists) => lists.flat().toSorted());
        this.exposed = pulumi.output(exposures.map(({ serviceName }) => serviceName));
        this.refused = pulumi.output(refused);
        this.registerOutputs({ hostnames: this.hostnames, exposed: this.exposed, refused: this.refused });
    }
}

import { AclPolicy } from "@pulumi/consul/aclPolicy.js";
import { AclToken, type AclTokenArgs } from "@pulumi/consul/aclToken.js";
import { ConfigEntry } from "@pulumi/consul/configEntry.js";
import { getAclTokenSecretIdOutput } from "@pulumi/consul/getAclTokenSecretId.js";
import { Peering } from "@pulumi/consul/peering.js";
import { PeeringToken } from "@pulumi/consul/peeringToken.js";
import * as pulumi from "@pulumi/pulumi";
import { type HostFile, ownerOnly, ROOT } from "../internal/hostFile.ts";
import { checkShape } from "../internal/shape.ts";
import { GATEWAY_RULES } from "./consul/aclRules.ts";
import { agentTokens, json, SECRET_FOLDER } from "./consul/agentFiles.ts";
import { meshEntries } from "./consul/configEntries.ts";
import { throughGateways } from "./consul/peeringToken.ts";
import { GATEWAY, gatewayDefinition, serviceDefinition } from "./consul/serviceDefinitions.ts";
import { type ConsulNode, dialledAt, type PlannedNode, planSite, type SitePlan } from "./consul/sitePlan.ts";
import { siteProblems } from "./consul/siteProblems.ts";
import { TOKEN_FOLDER } from "./consul/units.ts";
import type { Federation } from "./federation.ts";
import type { NodeFiles } from "./nodeFiles.ts";

export interface ConsulMeshAccessArgs {
    /** The federation of the {@link ConsulMesh}. */
    federation: Federation;
    /** Name of the site, as there. */
    site: string;
    /** All machines of the site, as there. */
    nodes: ConsulNode[];
    /** Tokens with which this site dials those that accept it, by their names: from their `peeringTokens`, handed over as secrets are once their gateways run. None if omitted: peerings that need one wait. */
    peeringTokens?: Record<string, pulumi.Input<string>>;
}

/**
 * What the servers of a {@link ConsulMesh} are told once they run: who may use what, which services other sites learn of, with which sites they are peered,
 * and a token for each machine and service that can do no more than be itself.
 *
 * Its Consul provider talks to one of the site's servers, with the mesh's `managementToken`. Agents, sidecars and gateways start with the files that come
 * out: until then the servers let nobody in.
 *
 * @example
 * const provider = new consul.Provider("paris", { address: "127.0.0.1:8500", token: mesh.managementToken });
 * const access = new ConsulMeshAccess("access", { federation, site: "paris", nodes }, { provider });
 * export const secretFiles = access.secretFiles;
 */
export class ConsulMeshAccess extends pulumi.ComponentResource {
    /** Secret: tokens, and the definitions of services with theirs, by machine. */
    public readonly secretFiles: pulumi.Output<NodeFiles[]>;
    /** Secret: the token with which each site that dials this one establishes the peering, once. By site. */
    public readonly peeringTokens: Record<string, pulumi.Output<string>>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ConsulMeshAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        const plan = checkedPlan(name, args);
        const secretTokens = Object.entries(args.peeringTokens ?? {}).map(([site, token]) => [
            site,
            pulumi.secret(token),
        ]);
        // Arguments of a component are kept in the state: a token enters them as a secret.
        super(
            "sallyport:index:ConsulMeshAccess",
            name,
            { ...args, peeringTokens: Object.fromEntries(secretTokens) },
            opts,
        );

        const tokens = tokensOf(name, plan, this);
        const accepted = acceptedBy(name, args.federation, plan, this);
        for (const { kind, name: entry, body } of meshEntries(plan)) {
            const suffix = entry === "*" ? `${kind}-all` : `${kind}-${entry}`;
            // Once sites are to meet at gateways alone, servers give out no token before a gateway runs, and no gateway runs before it has its own.
            const dependsOn = kind === "mesh" ? [...accepted.values()] : [];
            new ConfigEntry(
                `${name}-${suffix}`,
                { kind, name: entry, configJson: JSON.stringify(body) },
                { parent: this, dependsOn },
            );
        }
        dial(name, args.peeringTokens ?? {}, plan, this);
        this.peeringTokens = Object.fromEntries(
            [...accepted].map(([site, { peeringToken }]) => [site, pulumi.secret(peeringToken).apply(throughGateways)]),
        );
        this.secretFiles = pulumi
            .secret(tokens)
            .apply((known) => plan.nodes.map((node) => ({ node: node.name, files: filesOf(plan, node, known) })));
        this.registerOutputs({ secretFiles: this.secretFiles, peeringTokens: this.peeringTokens });
    }
}

/** Secrets of tokens, by what they are for. */
interface Tokens {
    /** By machine. */
    agents: Record<string, string>;
    /** By service. */
    services: Record<string, string>;
    dns: string;
    gateway: string;
}

function tokensOf(
    name: string,
    { site, domain, nodes, peers }: SitePlan,
    parent: pulumi.Resource,
): pulumi.Output<Tokens> {
    const token = (suffix: string, args: AclTokenArgs) => {
        const made = new AclToken(`${name}-${suffix}`, { ...args, local: true }, { parent });
        return getAclTokenSecretIdOutput({ accessorId: made.accessorId }, { parent }).secretId;
    };
    const services = new Map(nodes.flatMap((node) => node.services).map((service) => [service.name, service]));
    const gatewayPolicy = () =>
        new AclPolicy(
            `${name}-gateway-policy`,
            { name: "sallyport-mesh-gateway", description: "Mesh gateway", rules: GATEWAY_RULES },
            { parent },
        );
    return pulumi.output({
        agents: Object.fromEntries(
            nodes.map((node) => [
                node.name,
                token(`agent-${node.name}`, {
                    description: `Agent of ${node.name}`,
                    nodeIdentities: [{ nodeName: node.name, datacenter: site }],
                }),
            ]),
        ),
        services: Object.fromEntries(
            [...services.keys()].map((service) => [
                service,
                token(`service-${service}`, {
                    description: `Service ${service}`,
                    serviceIdentities: [{ serviceName: service }],
                }),
            ]),
        ),
        dns: token("dns", {
            description: `Whoever asks the DNS of ${domain}`,
            templatedPolicies: [{ templateName: "builtin/dns" }],
        }),
        gateway:
            peers.length === 0
                ? ""
                : token("gateway", { description: "Mesh gateway", policies: [gatewayPolicy().name] }),
    });
}

function filesOf(plan: SitePlan, node: PlannedNode, tokens: Tokens): HostFile[] {
    const secret = (path: string, content: string) => ownerOnly(path, ROOT, content);
    return [
        secret(`${SECRET_FOLDER}/tokens.json`, agentTokens(tokens.agents[node.name] ?? "", tokens.dns)),
        ...node.services.flatMap((service) => {
            const token = tokens.services[service.name] ?? "";
            return [
                secret(
                    `${SECRET_FOLDER}/service-${service.name}.json`,
                    json(serviceDefinition(plan, { node, service, token })),
                ),
                secret(`${TOKEN_FOLDER}/${service.name}`, token),
            ];
        }),
        ...(node.gatewayAddress === undefined
            ? []
            : [
                  secret(`${SECRET_FOLDER}/service-${GATEWAY}.json`, json(gatewayDefinition(node, tokens.gateway))),
                  secret(`${TOKEN_FOLDER}/${GATEWAY}`, tokens.gateway),
              ]),
    ];
}

/** The peerings that this site accepts, by site. */
function acceptedBy(name: string, federation: Federation, { site, peers }: SitePlan, parent: pulumi.Resource) {
    // Named: the other site is to dial gateways, not whatever addresses servers have inside.
    const serverExternalAddresses = dialledAt(federation, site);
    return new Map(
        peers
            .filter(({ accepts }) => accepts)
            .map((peer) => [
                peer.site,
                new PeeringToken(
                    `${name}-accepts-${peer.site}`,
                    { peerName: peer.site, serverExternalAddresses },
                    { parent, additionalSecretOutputs: ["peeringToken"] },
                ),
            ]),
    );
}

/** The peerings that this site establishes with the tokens that it was given. */
function dial(
    name: string,
    tokens: Readonly<Record<string, pulumi.Input<string>>>,
    { peers }: SitePlan,
    parent: pulumi.Resource,
): void {
    for (const { site } of peers.filter(({ accepts }) => !accepts)) {
        const token = tokens[site];
        if (token === undefined) continue;
        const peeringToken = pulumi.secret(token);
        new Peering(`${name}-dials-${site}`, { peerName: site, peeringToken }, { parent });
    }
}

function checkedPlan(name: string, args: ConsulMeshAccessArgs): SitePlan {
    const { federation, site, nodes, peeringTokens = {} } = args;
    const problems = checkShape("ConsulMeshAccess", name, args);
    problems.addAll(siteProblems(federation, site, nodes));
    problems.throwIfAny("ConsulMeshAccess", name);
    const plan = planSite(federation, site, nodes);
    for (const [peer, token] of Object.entries(peeringTokens)) {
        problems.check(`peeringTokens.${peer}`, token);
        const known = plan.peers.find((one) => one.site === peer);
        if (known === undefined)
            problems.add(`peeringTokens.${peer}`, "is no site with which this one shares services. Remove it.");
        else if (known.accepts) {
            problems.add(
                `peeringTokens.${peer}`,
                `is not needed: this site accepts ${JSON.stringify(peer)}, which dials with the token from "peeringTokens" of this one. Remove it.`,
            );
        }
    }
    problems.throwIfAny("ConsulMeshAccess", name);
    return plan;
}

/** `docker.Network`. Every change makes a new one: Docker has no way to change a network. */
import type Docker from "dockerode";
import { reasonOf, statusOf, until } from "../../../docker/wait.ts";
import type { PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { checkNamed } from "./check.ts";
import { adoptState, diffFields } from "./compare.ts";
import type { Engine } from "./engine.ts";
import { computedNames, type Fields, flag, labels, map, object, setOf, text } from "./schema.ts";
import { flagOf, labelPairs, labelsOf, mapOf, objectsOf, textOf } from "./values.ts";

const replaces = { replaces: true } as const;

export const networkFields: Fields = {
    name: text(replaces),
    driver: text({ replaces: true, computed: true }),
    attachable: flag(replaces),
    ingress: flag(replaces),
    internal: flag({ replaces: true, computed: true }),
    ipv6: flag(replaces),
    ipamDriver: text({ replaces: true, default: "default" }),
    ipamOptions: map({ replaces: true, computed: true }),
    ipamConfigs: setOf(object({ subnet: text(), ipRange: text(), gateway: text(), auxAddress: map() }), {
        replaces: true,
        computed: true,
    }),
    options: map({ replaces: true, computed: true }),
    labels: labels(replaces),
};

/** The Swarm gives a new overlay network its addresses a moment later: thirty seconds in milliseconds at most. */
const ADDRESSED_WITHIN_MS = 30_000;

/** Tasks of a removed service hold on to their network until they have ended: two minutes in milliseconds at most. */
const RELEASED_WITHIN_MS = 120_000;

/** `GET /networks/{id}`, as far as dockerode's types leave it out. */
type Network = Docker.NetworkInspectInfo;

export function networkHandler(engine: Engine): ResourceHandler {
    return {
        computed: [...computedNames(networkFields), "scope"],
        check: (request) => checkNamed(networkFields, request),
        diff: (request) => diffFields(networkFields, request),
        async create({ inputs }) {
            const docker = await engine.docker();
            const { id } = await docker.createNetwork(toDocker(inputs));
            const addressed = async () => {
                const network = await find(docker, id);
                return network && isAddressed(network) ? network : undefined;
            };
            const patience = { withinMs: ADDRESSED_WITHIN_MS, signal: engine.cancelled };
            const network = (await until(addressed, patience)) ?? (await find(docker, id));
            if (network === undefined)
                throw new Error(`network "${textOf(inputs.name)}" was removed while it was made`);
            return { id: network.Id, outputs: fromDocker(network) };
        },
        async read({ id, inputs }) {
            const network = await find(await engine.docker(), id);
            if (network === undefined) return undefined;
            const outputs = fromDocker(network);
            // An overlay network's options are the Swarm's own: the identifier that it has drawn.
            const written: PropertyMap =
                network.Driver === "overlay" ? { ...outputs, options: inputs.options ?? null } : outputs;
            return { id: network.Id, outputs, inputs: adoptState(networkFields, inputs, written) };
        },
        async delete({ id, outputs }) {
            const docker = await engine.docker();
            let refusal = "";
            const removed = async () => {
                try {
                    await docker.getNetwork(id).remove();
                    return true;
                } catch (error) {
                    // The official provider takes a network that is gone for removed, unlike a service.
                    if (statusOf(error) === 404) return true;
                    refusal = reasonOf(error);
                    if (!/active endpoints|in use/.test(refusal)) throw new Error(refusal);
                    return undefined;
                }
            };
            if (await until(removed, { withinMs: RELEASED_WITHIN_MS, signal: engine.cancelled })) return;
            throw new Error(`network "${textOf(outputs.name)}" cannot be deleted: ${refusal}`);
        },
    };
}

function toDocker(inputs: PropertyMap): Docker.NetworkCreateOptions {
    return {
        Name: textOf(inputs.name),
        ...(inputs.driver !== undefined && { Driver: textOf(inputs.driver) }),
        Attachable: flagOf(inputs.attachable),
        Ingress: flagOf(inputs.ingress),
        Internal: flagOf(inputs.internal),
        EnableIPv6: flagOf(inputs.ipv6),
        Options: mapOf(inputs.options),
        Labels: labelsOf(inputs.labels),
        IPAM: {
            Driver: textOf(inputs.ipamDriver) || "default",
            Options: mapOf(inputs.ipamOptions),
            Config: objectsOf(inputs.ipamConfigs).map((config) => ({
                Subnet: textOf(config.subnet),
                IPRange: textOf(config.ipRange),
                Gateway: textOf(config.gateway),
                AuxiliaryAddresses: mapOf(config.auxAddress),
            })),
        },
    };
}

function isAddressed(network: Network): boolean {
    return network.Scope !== "swarm" || (network.IPAM?.Config ?? []).length > 0;
}

interface IpamConfig {
    readonly Subnet?: string;
    readonly IPRange?: string;
    readonly Gateway?: string;
    readonly AuxiliaryAddresses?: Record<string, string>;
}

function fromDocker(network: Network): PropertyMap {
    const ipamOptions = network.IPAM?.Options ?? {};
    return {
        attachable: network.Attachable,
        driver: network.Driver,
        ingress: network.Ingress,
        internal: network.Internal,
        ipamConfigs: ((network.IPAM?.Config ?? []) as IpamConfig[]).map((config) => ({
            auxAddress: config.AuxiliaryAddresses ?? {},
            gateway: config.Gateway ?? "",
            ipRange: config.IPRange ?? "",
            subnet: config.Subnet ?? "",
        })),
        ipamDriver: network.IPAM?.Driver ?? "default",
        ipamOptions: Object.keys(ipamOptions).length > 0 ? ipamOptions : null,
        ipv6: network.EnableIPv6,
        labels: labelPairs(network.Labels),
        name: network.Name,
        options: network.Options ?? {},
        scope: network.Scope,
    };
}

async function find(docker: Docker, id: string): Promise<Network | undefined> {
    try {
        return await docker.getNetwork(id).inspect();
    } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
    }
}

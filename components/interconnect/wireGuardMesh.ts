import * as pulumi from "@pulumi/pulumi";
import type { HostFile } from "../internal/hostFile.ts";
import { randomText } from "../internal/randomText.ts";
import { checkShape } from "../internal/shape.ts";
import { normaliseIpRange } from "../validation/index.ts";
import { federationNodes } from "./federation/intentions.ts";
import { BackEnd, type TradeOff, tradeOffOf } from "./federation/tradeOffs.ts";
import type { Federation } from "./federation.ts";
import { addressesOf, defaultIpv6Range, type MeshAddresses } from "./wireguard/addresses.ts";
import type { MeshKeys, MeshSettings } from "./wireguard/configuration.ts";
import { WireGuardForm } from "./wireguard/forms.ts";
import { keyPairOf } from "./wireguard/keys.ts";
import { renderNode } from "./wireguard/render.ts";
import { planMesh } from "./wireguard/topology.ts";
import { checkMesh } from "./wireguard/validation.ts";

export interface WireGuardMeshArgs {
    /** The sites, their services and who may use what. */
    federation: Federation;
    /**
     * Site whose nodes are set up by this program, where each owner has a program of their own: then no private key leaves its owner, and the others' public
     * keys come in by `publicKeys`. All sites if omitted.
     */
    site?: string;
    /** Public keys of the peers that belong to other sites, by node. Needed with `site`. */
    publicKeys?: Record<string, pulumi.Input<string>>;
    /**
     * Secrets that this site's owner has agreed on with others', by site: the pre-shared keys of each pair of nodes come from them. Without one for a site its
     * pairs have none, which costs what is recorded today its protection against a quantum computer of tomorrow.
     */
    siteSecrets?: Record<string, pulumi.Input<string>>;
    /** Version of each node's key, from 1 on: another one is another key. 1 for those that are left out. */
    keyVersions?: Record<string, number>;
    /** How the nodes' interfaces are set up. `wg-quick` if omitted. */
    form?: WireGuardForm;
    /** Name of the interface on each node, at most 15 characters. `wg-sallyport` if omitted. */
    interfaceName?: string;
    /** UDP port at which nodes with an address are found; the others listen at none that is known. 51820 if omitted. */
    listenPort?: number;
    /** Largest packet in the mesh, in bytes. 1420 if omitted, which fits a path of 1500; `sallyport join check` tells what a path has. */
    mtu?: number;
    /** How often a node without an address shows that it is there, so that NAT does not forget it, in seconds. 25 if omitted. */
    keepaliveSeconds?: number;
    /** Unique local /64 (RFC 4193) of the nodes' addresses. One of the federation's own, told by its name, if omitted. */
    ipv6Range?: string;
    /** Private IPv4 range from which nodes have an address beside, for services without IPv6; a large one avoids clashes. None if omitted. */
    ipv4Range?: string;
    /** IPv4 addresses of single nodes, by node, for those that would have another's. None if omitted. */
    ipv4Addresses?: Record<string, string>;
}

/**
 * A WireGuard network between a federation's nodes, as files to be put onto each by whatever manages it.
 *
 * Two nodes know each other's key if an intention joins services of theirs; nobody else does. Allowed-IPs follow from that, and a packet filter on each node admits
 * the very ports that the intentions name. The node's key is what is recognised: services of one node are not told apart.
 *
 * Addresses and keys are a matter of each node alone, so nodes that join or leave change nobody else's. There is no membership protocol: no port for gossip, no key that
 * all have in common, and nobody can announce an address that is not theirs.
 *
 * A node with an address is dialled, one without dials and keeps itself in NAT's mind. Two without need a relay, which reads what passes between them; it is one of their own
 * sites where there is one.
 *
 * @example
 * const mesh = new WireGuardMesh("friends", { federation });
 * export const files = mesh.files;
 * export const secretFiles = mesh.secretFiles;
 */
export class WireGuardMesh extends pulumi.ComponentResource {
    /** Files of each node, by its name. Nothing in them is secret. */
    public readonly files: pulumi.Output<Record<string, HostFile[]>>;
    /** Secret: files with each node's keys, by its name. A node must be given its own only. */
    public readonly secretFiles: pulumi.Output<Record<string, HostFile[]>>;
    /** Command for each node, by its name, once its files are there and after each change to them. It interrupts nothing that goes on. */
    public readonly apply: pulumi.Output<Record<string, string>>;
    /** Public keys of the nodes that are set up here, by name, for the owners of the other sites. */
    public readonly publicKeys: pulumi.Output<Record<string, string>>;
    /** Addresses of all nodes inside the mesh, by name: what services are found at. */
    public readonly addresses: pulumi.Output<Record<string, MeshAddresses>>;
    /** What is chosen with this way of connecting. */
    public readonly tradeOff: pulumi.Output<TradeOff>;

    /**
     * @param name Name of the component, of the nodes' folder and of their packet filter's table.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: WireGuardMeshArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const siteSecrets = mapValues(args.siteSecrets ?? {}, (secret) => pulumi.secret(secret));
        // Arguments of a component are kept in the state: the secrets enter them as secrets.
        super("sallyport:index:WireGuardMesh", name, { ...args, siteSecrets }, opts);

        const { federation, site } = args;
        const settings = settingsOf(name, args);
        const own = federationNodes(federation).filter((node) => site === undefined || node.site === site);
        const pairs = randomText(`${name}-pairs`, 1, this);
        const privateTexts = pulumi.secret(
            pulumi.all(own.map((node) => randomText(`${name}-${node.name}`, args.keyVersions?.[node.name] ?? 1, this))),
        );
        const keyPairs = privateTexts.apply((texts) => texts.map(keyPairOf));
        const ownPublicKeys = pulumi.unsecret(keyPairs).apply((keys) => byName(own, (index) => keys[index]?.publicKey));
        const rendered = pulumi
            .all([keyPairs, ownPublicKeys, args.publicKeys ?? {}, pairs, siteSecrets])
            .apply(([keys, mine, theirs, pairSecret, secrets]) => {
                const plans = planMesh(federation);
                const meshKeys: MeshKeys = {
                    privateKeys: new Map(own.map((node, index) => [node.name, keys[index]?.privateKey ?? ""])),
                    publicKeys: new Map(Object.entries({ ...theirs, ...mine })),
                    secretOf: (one, other) =>
                        site === undefined || one === other ? pairSecret : secrets[one === site ? other : one],
                };
                return own.map((node) => renderNode(plans, node.name, settings, meshKeys));
            });

        this.files = pulumi
            .unsecret(rendered)
            .apply((nodes) => byName(own, (index) => [...(nodes[index]?.files ?? [])]));
        this.secretFiles = rendered.apply((nodes) => byName(own, (index) => [...(nodes[index]?.secretFiles ?? [])]));
        this.apply = pulumi.unsecret(rendered).apply((nodes) => byName(own, (index) => nodes[index]?.apply));
        this.publicKeys = ownPublicKeys;
        this.addresses = pulumi.output(Object.fromEntries(settings.addresses));
        this.tradeOff = pulumi.output(tradeOffOf(BackEnd.WireGuard));
        this.registerOutputs({
            files: this.files,
            secretFiles: this.secretFiles,
            apply: this.apply,
            publicKeys: this.publicKeys,
            addresses: this.addresses,
            tradeOff: this.tradeOff,
        });
    }
}

function settingsOf(name: string, args: WireGuardMeshArgs): MeshSettings & { form: WireGuardForm } {
    const ranges = {
        ipv6: normaliseIpRange(args.ipv6Range ?? defaultIpv6Range(args.federation.name)),
        ...(args.ipv4Range === undefined ? {} : { ipv4: normaliseIpRange(args.ipv4Range) }),
    };
    return {
        name,
        form: args.form ?? WireGuardForm.WgQuick,
        interfaceName: args.interfaceName ?? "wg-sallyport",
        listenPort: args.listenPort ?? 51_820,
        mtu: args.mtu ?? 1420,
        keepalive: args.keepaliveSeconds ?? 25,
        ranges,
        addresses: addressesOf(federationNodes(args.federation), ranges, args.ipv4Addresses),
    };
}

function checkArgs(name: string, args: WireGuardMeshArgs): void {
    const problems = checkShape("WireGuardMesh", name, args);
    checkMesh(name, args, problems);
    problems.throwIfAny("WireGuardMesh", name);
}

function byName<T>(nodes: readonly { name: string }[], find: (index: number) => T | undefined): Record<string, T> {
    return Object.fromEntries(
        nodes.flatMap(({ name }, index) => {
            const value = find(index);
            return value === undefined ? [] : [[name, value]];
        }),
    );
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, convert: (value: T) => U): Record<string, U> {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, convert(value)]));
}

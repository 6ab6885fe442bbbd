import ipaddr from "ipaddr.js";
import { GATEWAY_BRIDGE } from "../../../toolchain/docker/index.ts";
import { awaitsAnswers, isEveryAddress, isLoopback, type Listener } from "../../sockets/listeners.ts";
import type { Verdict } from "../finding.ts";
import type { AuditedContainer, AuditedNetwork } from "./view.ts";

/** What a container's network namespace looks like from inside. */
export interface Namespace {
    readonly listeners: readonly Listener[];
    /** Its own addresses, loopback left out. */
    readonly addresses: readonly string[];
    /** TCP port of figures that the stack declares to be served on every address; none where omitted. */
    readonly metricsPort?: number | undefined;
}

/**
 * Whether anything in a container listens where somebody outside its overlay networks gets to.
 *
 * Inside are overlay networks but for Swarm's `ingress`, which is there for published ports, and internal bridges, which let
 * nobody in but processes of their own machine. Everything else is outside, `docker_gwbridge` too, on which Swarm gives each
 * task of a network that is not internal a leg: any process of the machine, of whatever user, connects through it to what
 * listens on every address, and so does another machine where this one forwards packets without a firewall of Docker's own.
 *
 * Figures of connectors are let pass there, and named, where the stack declares them: cloudflared has no way to serve them inside alone.
 */
export function reachabilityVerdict(
    container: Pick<AuditedContainer, "sharesHostNetwork" | "networks">,
    { listeners, addresses, metricsPort }: Namespace,
    networks: readonly AuditedNetwork[],
): Verdict {
    if (container.sharesHostNetwork) {
        return { ok: false, detail: "has no network namespace of its own: what it listens on is on its machine" };
    }
    const inside = networks.filter((network) => container.networks.includes(network.name) && isInside(network));
    const open = listeners.filter((listener) => !isLoopback(listener) && !awaitsAnswers(listener));
    const outside = open.flatMap(({ protocol, address, port }) =>
        (isEveryAddress({ address }) ? addresses : [address])
            .filter((own) => networkOf(own, inside) === undefined)
            .map((own) => {
                const network = networkOf(own, networks)?.name ?? "no network of Docker's";
                const isDeclared = protocol === "tcp" && port === metricsPort && network === GATEWAY_BRIDGE;
                return { isDeclared, where: `${protocol} ${port} at ${own} (${network})` };
            }),
    );
    const reached = outside.filter(({ isDeclared }) => !isDeclared);
    if (reached.length > 0) {
        return { ok: false, detail: `can be reached from outside: ${worded(reached)}` };
    }
    const ports = [...new Set(open.map(({ protocol, port }) => `${protocol} ${port}`))].sort();
    const names = inside.map(({ name }) => name).sort();
    const within = ports.length === 0 ? "listens on loopback only" : `${ports.join(", ")} inside ${names.join(", ")}`;
    return {
        ok: true,
        detail: outside.length === 0 ? within : `${within}; figures, as the stack declares, also ${worded(outside)}`,
    };
}

function worded(places: readonly { readonly where: string }[]): string {
    return [...new Set(places.map(({ where }) => where))].join(", ");
}

function isInside({ name, driver, internal }: AuditedNetwork): boolean {
    return (driver === "overlay" && name !== "ingress") || (driver === "bridge" && internal);
}

function networkOf(address: string, networks: readonly AuditedNetwork[]): AuditedNetwork | undefined {
    const parsed = ipaddr.parse(address);
    return networks.find(({ subnets }) =>
        subnets.some((subnet) => {
            const [base, bits] = ipaddr.parseCIDR(subnet);
            return base.kind() === parsed.kind() && parsed.match(base, bits);
        }),
    );
}

import type { TunnelEdge } from "../components/index.ts";
import { type Environment, LocalRuntime, type SwarmRuntime } from "./config/environment.ts";

/** What containers need to know of the emulator; nothing in a real environment, or where the local one runs without Docker. */
export function localSwarm({ emulator }: Pick<Environment, "emulator">): SwarmRuntime | undefined {
    return emulator?.runtime.kind === LocalRuntime.Swarm ? emulator.runtime : undefined;
}

/**
 * Where a local connector dials, whom it trusts, and where it finds the team's keys.
 *
 * @param tlsOrigins hosts of the origins that it speaks TLS to.
 */
export function edgeOf(environment: Pick<Environment, "emulator">, tlsOrigins: string[]): TunnelEdge | undefined {
    const { emulator } = environment;
    const local = localSwarm(environment);
    if (emulator === undefined || local === undefined) {
        return undefined;
    }
    return {
        addresses: emulator.edge,
        caPem: emulator.edgeCaPem,
        teamProxy: { address: local.teamProxy, ...(tlsOrigins.length === 0 ? {} : { directHosts: tlsOrigins }) },
    };
}

import type { TunnelConnection } from "../transport/tunnelConnection.ts";

/** A connection with one more request on it; disposing takes the request off again. */
export interface Lease extends Disposable {
    readonly connection: TunnelConnection;
}

/** Spreads requests over a tunnel's connections, and so over its replicas: to the least busy one, in turn among equals. */
export class ConnectionBalancer {
    readonly #connectionsOf: (tunnelId: string) => readonly TunnelConnection[];
    readonly #busy = new WeakMap<TunnelConnection, number>();
    #turn = 0;

    constructor(connectionsOf: (tunnelId: string) => readonly TunnelConnection[]) {
        this.#connectionsOf = connectionsOf;
    }

    /**
     * Takes a connection for one request.
     *
     * @param tried connections that failed the request already. They are left out, and so are others of the same connectors as
     * long as there is any other connector: one that was killed loses its connections together, but not all in one instant. A connector that
     * has just come and has no configuration yet is asked when there is no other.
     */
    lease(tunnelId: string, tried: readonly TunnelConnection[]): Lease | undefined {
        const open = this.#connectionsOf(tunnelId).filter(
            (candidate) => candidate.isOpen && !tried.includes(candidate),
        );
        const isTrusted = ({ connector }: TunnelConnection) => tried.every((one) => one.connector.id !== connector.id);
        const configured = open.filter(({ isConfigured }) => isConfigured);
        const connection =
            this.#leastBusy(configured.filter(isTrusted)) ?? this.#leastBusy(configured) ?? this.#leastBusy(open);
        if (connection === undefined) {
            return undefined;
        }
        this.#add(connection, 1);
        return { connection, [Symbol.dispose]: () => this.#add(connection, -1) };
    }

    #leastBusy(candidates: readonly TunnelConnection[]): TunnelConnection | undefined {
        this.#turn = (this.#turn + 1) % Number.MAX_SAFE_INTEGER;
        const first = this.#turn % candidates.length;
        let least = candidates[first];
        for (let i = 1; least !== undefined && i < candidates.length; i++) {
            const candidate = candidates[(first + i) % candidates.length];
            if (candidate !== undefined && this.#busyness(candidate) < this.#busyness(least)) {
                least = candidate;
            }
        }
        return least;
    }

    #busyness(connection: TunnelConnection): number {
        return this.#busy.get(connection) ?? 0;
    }

    #add(connection: TunnelConnection, requests: number): void {
        this.#busy.set(connection, this.#busyness(connection) + requests);
    }
}

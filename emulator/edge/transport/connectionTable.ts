import type { TunnelConnection as PublishedConnection, TunnelClient } from "../../tunnelDirectory.ts";
import type { TunnelConnection } from "./tunnelConnection.ts";

/** A connector with at least one open connection. */
interface Connector {
    /** When its first connection was registered. */
    readonly runAt: Date;
    readonly byIndex: Map<number, TunnelConnection>;
}

/** The open connections of every tunnel, by connector and by the connector's own numbering. */
export class ConnectionTable {
    readonly #tunnels = new Map<string, Map<string, Connector>>();

    /** Adds a connection and returns the one that it takes the place of: the same connector's under the same index. */
    add(connection: TunnelConnection): TunnelConnection | undefined {
        const connectors = getOrAdd(this.#tunnels, connection.tunnelId, () => new Map<string, Connector>());
        const { byIndex } = getOrAdd(connectors, connection.connector.id, () => ({
            runAt: connection.openedAt,
            byIndex: new Map(),
        }));
        const replaced = byIndex.get(connection.connIndex);
        byIndex.set(connection.connIndex, connection);
        return replaced;
    }

    /** Removes a connection; false when it is not there, or when another has its place. */
    remove(connection: TunnelConnection): boolean {
        const connectors = this.#tunnels.get(connection.tunnelId);
        const connector = connectors?.get(connection.connector.id);
        if (connectors === undefined || connector?.byIndex.get(connection.connIndex) !== connection) {
            return false;
        }
        connector.byIndex.delete(connection.connIndex);
        if (connector.byIndex.size === 0) {
            connectors.delete(connection.connector.id);
        }
        if (connectors.size === 0) {
            this.#tunnels.delete(connection.tunnelId);
        }
        return true;
    }

    /** A tunnel's connections; none for a tunnel without, or one that does not exist. */
    of(tunnelId: string): TunnelConnection[] {
        const connectors = this.#tunnels.get(tunnelId)?.values() ?? [];
        return [...connectors].flatMap(({ byIndex }) => [...byIndex.values()]);
    }

    /** A tunnel's connectors with their connections, as the API lists them. */
    clientsOf(tunnelId: string): TunnelClient[] {
        const connectors = this.#tunnels.get(tunnelId)?.values() ?? [];
        return [...connectors].flatMap(({ runAt, byIndex }) => describeClient(runAt, [...byIndex.values()]));
    }
}

function describeClient(runAt: Date, connections: readonly TunnelConnection[]): TunnelClient[] {
    const [first] = connections;
    if (first === undefined) {
        return [];
    }
    const versions = connections.flatMap(({ configuration }) => configuration.acknowledgedVersion ?? []);
    return [
        {
            ...first.connector,
            runAt,
            configVersion: versions.length === 0 ? undefined : Math.max(...versions),
            connections: connections.map(describeConnection),
        },
    ];
}

/** The edge does not wait for anybody in particular to come back, so no connection is ever pending. */
function describeConnection({ id, coloName, originIp, openedAt }: TunnelConnection): PublishedConnection {
    return { id, coloName, originIp, openedAt, isPendingReconnect: false };
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
    let value = map.get(key);
    if (value === undefined) {
        value = create();
        map.set(key, value);
    }
    return value;
}

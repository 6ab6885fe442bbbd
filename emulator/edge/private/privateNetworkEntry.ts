import { createServer, type Socket } from "node:net";
import type { PrivateConnectionEvent, PrivateConnections } from "../../privateConnections.ts";
import { RequestLog } from "../public/requestLog.ts";
import { parseEdgeAddresses } from "../transport/addresses.ts";
import { bind } from "../transport/listener.ts";
import { Attendant, type AttendantOptions } from "./attendant.ts";

/** Far beyond any test, and short of the process's file descriptors. */
const MAX_CONNECTIONS = 1024;

export interface PrivateNetworkEntryOptions extends AttendantOptions {
    /** Where clients connect: `IPv4:port` or `[IPv6]:port`, on loopback only; port 0 takes a free one. */
    readonly address: string;
}

/**
 * The way into private networks: a SOCKS5 server that stands in for Cloudflare's client on a device. A connection that comes in with a device's
 * name and secret is treated as that device's: split tunnels, Gateway's rules, virtual network, route, and then a connector of the route's
 * tunnel, which connects to the destination. A user name `laptop+lab` is the device `laptop` in the virtual network `lab`.
 *
 * TCP alone: connectors take UDP over QUIC only, which this edge does not speak.
 */
export class PrivateNetworkEntry implements AsyncDisposable, PrivateConnections {
    /** Where it listens, with the port that it really has. */
    readonly address: string;
    readonly #log: RequestLog<PrivateConnectionEvent>;
    readonly #close: () => Promise<void>;

    /** @throws EdgeAddressError, EdgeListenError */
    static async start(options: PrivateNetworkEntryOptions): Promise<PrivateNetworkEntry> {
        // Without routes there is no Docker bridge, and so nothing but loopback.
        const [address] = parseEdgeAddresses([options.address], "");
        if (address === undefined) {
            throw new Error("an address that was accepted is not there");
        }
        const log = new RequestLog<PrivateConnectionEvent>();
        const attendant = new Attendant(options, log);
        const open = new Set<Socket>();
        const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
            open.add(client);
            client.once("close", () => open.delete(client));
            client.on("error", () => client.destroy());
            void attendant.serve(client);
        });
        server.maxConnections = MAX_CONNECTIONS;
        const bound = await bind(server, address);
        return new PrivateNetworkEntry(bound, log, async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            for (const client of open) {
                client.destroy();
            }
            await closed;
        });
    }

    private constructor(address: string, log: RequestLog<PrivateConnectionEvent>, close: () => Promise<void>) {
        this.address = address;
        this.#log = log;
        this.#close = close;
    }

    /** The last attempts, oldest first. */
    all(): readonly PrivateConnectionEvent[] {
        return this.#log.all();
    }

    /** Calls for each attempt from now on, once it is answered; the returned function ends it. */
    onConnection(listener: (event: PrivateConnectionEvent) => void): () => void {
        return this.#log.subscribe(listener);
    }

    /** Closes the listener and all connections. */
    [Symbol.asyncDispose](): Promise<void> {
        return this.#close();
    }
}

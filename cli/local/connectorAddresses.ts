/** From Cloudflare's own edge port (cloudflared, edgediscovery) on: cloudflared opens one connection an address, four at most. */
const EDGE_PORTS = [7844, 7845, 7846, 7847];
/** The next one; fixed, so that a connector finds the proxy again when the emulator was started anew. */
const TEAM_PROXY_PORT = 7848;

/** What a connector asks of the emulator, `host:port` each. */
export interface ConnectorAddresses {
    readonly edge: string[];
    /** The HTTP proxy to the team's keys. */
    readonly teamProxy: string;
}

/** The addresses at one host: an IP address to listen on, or whatever connectors know it by. */
export function connectorAddresses(host: string): ConnectorAddresses {
    return { edge: EDGE_PORTS.map((port) => `${host}:${port}`), teamProxy: `${host}:${TEAM_PROXY_PORT}` };
}

import type { Environment } from "../../stacks/config/environment.ts";
import { Background, type Launch } from "../processes/background.ts";
import { freePort } from "../processes/freePort.ts";
import type { EmulatorDescription } from "./emulatorProcess.ts";
import { localFiles, readIfThere, remove, writePrivate } from "./files.ts";

/** cloudflared registers its connections a second apart, after a first one that may be tried again; in milliseconds. */
const READY_WITHIN_MS = 45_000;

const background = new Background({
    name: "the connector",
    record: localFiles.connectorRecord,
    log: localFiles.connectorLog,
    limits: { startMs: READY_WITHIN_MS },
});

export interface ConnectorOptions {
    /** The `cloudflared` executable. */
    readonly cloudflared: string;
    readonly tunnelId: string;
    /** Secret text of the tunnel's credentials file. */
    readonly credentials: string;
    readonly emulator: Pick<EmulatorDescription, "edge" | "edgeCaPem" | "teamProxy">;
    readonly apps: Environment["apps"];
}

/**
 * Starts a connector as a process of this machine, or finds it running, and waits until all its connections are registered.
 *
 * Its credentials are in a file that only this user reads. It checks tokens as one in Docker does, with keys that it fetches through the
 * emulator's proxy.
 */
export async function startConnector(options: ConnectorOptions): Promise<void> {
    const { credentials, emulator } = options;
    const metrics = await metricsAddress();
    writePrivate(localFiles.connectorCredentials, credentials);
    // A file of its own, lest one in the user's home or in /etc have a say.
    writePrivate(localFiles.connectorConfig, "no-autoupdate: true\n");
    await background.ensure(connectorLaunch(options, metrics), () => connected(metrics, emulator.edge.length));
}

/** How cloudflared is started: with nothing secret in arguments or environment, and nothing of the user's own environment. */
export function connectorLaunch(
    { cloudflared, tunnelId, credentials, emulator, apps }: ConnectorOptions,
    metrics: string,
): Launch & { env: Record<string, string> } {
    return {
        command: cloudflared,
        args: [
            ...["tunnel", "--config", localFiles.connectorConfig],
            ...["run", "--credentials-file", localFiles.connectorCredentials, tunnelId],
        ],
        env: {
            HOME: localFiles.root,
            TUNNEL_EDGE: emulator.edge.join(","),
            TUNNEL_TRANSPORT_PROTOCOL: "http2",
            TUNNEL_METRICS: metrics,
            TUNNEL_MANAGEMENT_DIAGNOSTICS: "false",
            TUNNEL_NO_PRECHECKS: "true",
            TUNNEL_GRACE_PERIOD: "5s",
            // One authority for the edge and for the team's keys.
            SSL_CERT_FILE: localFiles.edgeCa,
            HTTPS_PROXY: `http://${emulator.teamProxy}`,
            // The proxy leads to the team's keys alone; origins on loopback are asked directly as it is (Go, `http.ProxyFromEnvironment`).
            NO_PROXY: tlsOrigins(apps).join(","),
        },
        cwd: localFiles.root,
        reads: [credentials, emulator.edgeCaPem],
    };
}

/** Ends the connector, waits until it is gone, and removes its credentials. */
export async function stopConnector(): Promise<void> {
    await background.stop();
    remove(localFiles.connectorCredentials);
}

/** Where it tells how it is: the same as long as it runs, a free port for the next one. */
async function metricsAddress(): Promise<string> {
    const kept = background.pid === undefined ? undefined : readIfThere(localFiles.connectorMetrics)?.trim();
    if (kept !== undefined) {
        return kept;
    }
    const address = `127.0.0.1:${await freePort()}`;
    writePrivate(localFiles.connectorMetrics, `${address}\n`);
    return address;
}

/** cloudflared's readiness (`/ready`, metrics/readiness.go): true once as many connections are registered as there are edge addresses. */
async function connected(metrics: string, wanted: number): Promise<true | undefined> {
    try {
        const answer = await fetch(`http://${metrics}/ready`, { signal: AbortSignal.timeout(2_000) });
        const { readyConnections } = (await answer.json()) as { readyConnections: number };
        return readyConnections >= wanted ? true : undefined;
    } catch {
        return undefined; // not listening yet
    }
}

/** Hosts that cloudflared's HTTP client reaches over TLS. */
function tlsOrigins(apps: Environment["apps"]): string[] {
    const urls = apps.map(({ service }) => service).filter((service) => /^(https|wss):/.test(service));
    // Go takes an IPv6 address in brackets here only with a port behind it.
    return [...new Set(urls.map((url) => new URL(url).hostname.replace(/^\[(.*)\]$/, "$1")))];
}

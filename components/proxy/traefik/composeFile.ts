import { NONROOT } from "../../internal/swarm.ts";
import { toYaml } from "../../internal/yaml.ts";
import type { ProxyListener } from "./settings.ts";
import { HTTP_PORT, HTTPS_PORT, STATIC_PATH, STOP_GRACE_SECONDS } from "./staticConfiguration.ts";

/** What a Compose file of a proxy is made from. */
export interface ComposeSettings {
    name: string;
    image: string;
    alias: string;
    networks: readonly string[];
    /** Files of the machine by their place in the container. */
    mounts: ReadonlyMap<string, string>;
    listen: ProxyListener | undefined;
}

/** A Compose file: the proxy on networks that exist, without a right, on a read-only root, its files read-only. */
export function composeFile({ name, image, alias, networks, mounts, listen }: ComposeSettings): string {
    // Names in the file stand for the networks' own, which may hold characters that Compose takes for something else.
    const keyed = networks.toSorted().map((network, index) => [`network-${index}`, network] as const);
    return toYaml({
        name: `sallyport-${name}`.toLowerCase(),
        services: {
            traefik: {
                image,
                entrypoint: ["traefik"],
                command: [`--configFile=${STATIC_PATH}`],
                user: `${NONROOT}:${NONROOT}`,
                read_only: true,
                cap_drop: ["ALL"],
                security_opt: ["no-new-privileges:true"],
                restart: "unless-stopped",
                stop_grace_period: `${STOP_GRACE_SECONDS}s`,
                mem_limit: "256m",
                pids_limit: 256,
                healthcheck: {
                    test: ["CMD", "traefik", "healthcheck", `--configFile=${STATIC_PATH}`],
                    interval: "5s",
                    timeout: "5s",
                    start_period: "30s",
                    retries: 12,
                },
                volumes: [...mounts].map(([inside, outside]) => `${outside}:${inside}:ro`),
                ...(listen === undefined ? {} : { ports: portsOf(listen) }),
                networks: Object.fromEntries(keyed.map(([key]) => [key, { aliases: [alias] }])),
            },
        },
        networks: Object.fromEntries(keyed.map(([key, network]) => [key, { name: network, external: true }])),
    });
}

function portsOf({ address, httpsPort = 443, httpPort }: ProxyListener): string[] {
    const host = address.includes(":") ? `[${address}]` : address;
    const http = httpPort === undefined ? [] : [`${host}:${httpPort}:${HTTP_PORT}`];
    return [`${host}:${httpsPort}:${HTTPS_PORT}`, ...http];
}

/** What the files of a connector's container are made from. */
export interface ContainerSettings {
    name: string;
    tunnelId: string;
    image: string;
    credentialsPath: string;
    /** Ingress rules of a locally managed tunnel; from Cloudflare if undefined. */
    configPath: string | undefined;
    origins: readonly string[];
    resolvers: readonly string[];
    edgeRanges: readonly string[];
    protocol: string;
    logLevel: string;
}

/** Linux has 15 characters for the name of an interface. */
const MAX_INTERFACE = 15;

/** Name of the bridge to which only this container is attached. */
export function bridgeOf(name: string): string {
    return `sp-${name}`.slice(0, MAX_INTERFACE);
}

/** A Compose file: the connector alone on a bridge of its own, without a right, its credentials a file. */
export function composeFile(settings: ContainerSettings): string {
    const { name, tunnelId, configPath } = settings;
    const mounts = [`${settings.credentialsPath}:/run/sallyport/credentials.json:ro`];
    if (configPath !== undefined) mounts.push(`${configPath}:/run/sallyport/config.json:ro`);
    const config = configPath === undefined ? [] : ["--config", "/run/sallyport/config.json"];
    const command = ["tunnel", ...config, "run", "--credentials-file", "/run/sallyport/credentials.json", tunnelId];
    return `${JSON.stringify(
        {
            name: `sallyport-${name}`,
            services: {
                connector: {
                    image: settings.image,
                    entrypoint: ["cloudflared"],
                    command,
                    user: "65532:65532",
                    read_only: true,
                    cap_drop: ["ALL"],
                    security_opt: ["no-new-privileges:true"],
                    restart: "unless-stopped",
                    stop_grace_period: "35s",
                    mem_limit: "256m",
                    pids_limit: 128,
                    environment: {
                        NO_AUTOUPDATE: "true",
                        TUNNEL_LOGLEVEL: settings.logLevel,
                        TUNNEL_MANAGEMENT_DIAGNOSTICS: "false",
                        TUNNEL_METRICS: "127.0.0.1:20241",
                        TUNNEL_TRANSPORT_PROTOCOL: settings.protocol,
                    },
                    volumes: mounts,
                    networks: ["way-out"],
                },
            },
            networks: {
                "way-out": { driver: "bridge", driver_opts: { "com.docker.network.bridge.name": bridgeOf(name) } },
            },
        },
        null,
        2,
    )}\n`;
}

/**
 * Rules for nftables that hold whatever is on the connector's bridge to the edge, the resolvers and the named origins, on other machines and on
 * this one. Docker's own rules are left alone: these come before them, and a packet that they let through still meets those.
 */
export function firewallFile({ name, origins, resolvers, edgeRanges }: ContainerSettings): string {
    const table = `sallyport_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
    const bridge = bridgeOf(name);
    const [four, six] = [false, true].map((isSix) => ({
        origins: origins.filter((range) => range.includes(":") === isSix),
        resolvers: resolvers.filter((range) => range.includes(":") === isSix),
        edge: edgeRanges.filter((range) => range.includes(":") === isSix),
    }));
    const to = (family: string, ranges: readonly string[] = [], ports = "") =>
        ranges.length === 0 ? [] : [`        ${family} daddr { ${ranges.join(", ")} } ${ports}accept`];
    const edgePorts = "th dport { 443, 7844 } ";
    return [
        "#!/usr/sbin/nft -f",
        `table inet ${table}`,
        `delete table inet ${table}`,
        `table inet ${table} {`,
        "    chain reaches {",
        "        ct state established,related accept",
        ...to("ip", four?.origins),
        ...to("ip6", six?.origins),
        ...to("ip", four?.resolvers, "th dport 53 "),
        ...to("ip6", six?.resolvers, "th dport 53 "),
        ...to("ip", four?.edge, edgePorts),
        ...to("ip6", six?.edge, edgePorts),
        "        reject",
        "    }",
        "    chain forward {",
        "        type filter hook forward priority filter - 10; policy accept;",
        `        iifname "${bridge}" jump reaches`,
        "    }",
        "    chain input {",
        "        type filter hook input priority filter - 10; policy accept;",
        `        iifname "${bridge}" jump reaches`,
        "    }",
        "}",
        "",
    ].join("\n");
}

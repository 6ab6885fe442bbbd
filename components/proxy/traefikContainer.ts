import { Container } from "@pulumi/docker/container.js";
import * as pulumi from "@pulumi/pulumi";
import { WITHOUT_RIGHTS } from "../internal/container.ts";
import { mapInputs } from "../internal/problems.ts";
import { labelList, NONROOT } from "../internal/swarm.ts";
import { PROXY_ALIAS, TRAEFIK_IMAGE, withSecretKeys } from "./traefik/defaults.ts";
import { firewallRules } from "./traefik/firewall.ts";
import { type ProxyHost, runtimeOf } from "./traefik/host.ts";
import { placeProxy } from "./traefik/placement.ts";
import type { ProxyListener } from "./traefik/settings.ts";
import { DYNAMIC_PATH, HTTP_PORT, HTTPS_PORT, STATIC_PATH, STOP_GRACE_SECONDS } from "./traefik/staticConfiguration.ts";
import { checkHost } from "./traefik/validation/host.ts";

export interface TraefikContainerArgs extends ProxyHost {
    /** Labels of the container. None if omitted. */
    labels?: Record<string, pulumi.Input<string>>;
}

/**
 * Traefik as one container of a Docker engine without Swarm, with the configuration and the promises of a {@link TraefikProxy}.
 *
 * Certificates, keys and configuration are put into the container when it is made, readable by the proxy's user alone, and never lie on the
 * host; a change makes another container. Without `listen` nothing is published and the new one is healthy before the old one goes; with
 * it the two would want the same port, so the old one goes first. Its root is not read-only, because Docker puts no file into one that is.
 *
 * @example
 * const proxy = new TraefikContainer("traefik", {
 *     networks: [network.name],
 *     certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
 *     routes: [{ name: "wiki", hostname: "wiki.internal.example.com", service: "https://wiki:443", caPem: ca.certPem }],
 *     listen: { address: "10.20.0.5", allowFrom: ["10.20.0.0/24"] },
 * });
 */
export class TraefikContainer extends pulumi.ComponentResource {
    /** Name of the container, which changes when it is replaced. */
    public readonly containerName: pulumi.Output<string>;
    /** Where the proxy answers on its networks: `https://<alias>:8443`, an origin for a {@link TunnelIngress}. */
    public readonly endpoint: pulumi.Output<string>;
    /** Rules for nftables (`nft -f`) that let nobody but `listen.allowFrom` in. Empty where nothing is published. */
    public readonly firewallRules: pulumi.Output<string>;

    /**
     * @param name Name of the component; the container is named after it, at most 40 characters.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TraefikContainerArgs, opts?: pulumi.ComponentResourceOptions) {
        checkHost("TraefikContainer", name, args, (problems) => {
            for (const [label, value] of Object.entries(args.labels ?? {})) problems.check(`labels.${label}`, value);
        });
        // Arguments of a component are kept in the state: the keys enter them as secrets.
        const safe = withSecretKeys(args);
        super("sallyport:index:TraefikContainer", name, safe, opts);

        const { listen } = args;
        const alias = args.alias ?? PROXY_ALIAS;
        const { files, staticText, dynamicText } = placeProxy(["TraefikContainer", name], safe, runtimeOf(args));
        const ownerOnly = { owner: NONROOT, group: NONROOT, permissions: "0400" };
        const container = new Container(
            `${name}-proxy`,
            {
                image: args.image ?? TRAEFIK_IMAGE,
                entrypoints: ["traefik"],
                command: [`--configFile=${STATIC_PATH}`],
                uploads: [
                    { file: STATIC_PATH, content: staticText, ...ownerOnly },
                    { file: DYNAMIC_PATH, content: dynamicText, ...ownerOnly },
                    ...files.map(({ path, text }) => ({ file: path, content: text, ...ownerOnly })),
                ],
                networksAdvanced: mapInputs(args.networks, (network) => ({ name: network, aliases: [alias] })),
                ...(listen === undefined ? {} : { ports: portsOf(listen) }),
                healthcheck: {
                    tests: ["CMD", "traefik", "healthcheck", `--configFile=${STATIC_PATH}`],
                    interval: "5s",
                    timeout: "5s",
                    startPeriod: "30s",
                    retries: 12,
                },
                wait: true,
                ...WITHOUT_RIGHTS,
                memory: 256,
                restart: "unless-stopped",
                destroyGraceSeconds: STOP_GRACE_SECONDS,
                labels: labelList(args.labels ?? {}),
            },
            { parent: this, deleteBeforeReplace: listen !== undefined },
        );

        this.containerName = container.name;
        this.endpoint = pulumi.output(`https://${alias}:${HTTPS_PORT}`);
        this.firewallRules = pulumi.output(listen === undefined ? "" : firewallRules(name, listen));
        this.registerOutputs({
            containerName: this.containerName,
            endpoint: this.endpoint,
            firewallRules: this.firewallRules,
        });
    }
}

/** Bound to the one address: Docker's default is every one. */
function portsOf({ address, httpsPort = 443, httpPort }: ProxyListener) {
    const port = (internal: number, external: number) => ({ internal, external, ip: address, protocol: "tcp" });
    return [port(HTTPS_PORT, httpsPort), ...(httpPort === undefined ? [] : [port(HTTP_PORT, httpPort)])];
}

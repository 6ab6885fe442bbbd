import type * as pulumi from "@pulumi/pulumi";
import type { RuntimeSettings } from "./placement.ts";
import type { ProxyLabelProvider, ProxyListener, ProxySettings } from "./settings.ts";

/** What a proxy on a single machine takes, whoever starts it. */
export interface ProxyHost extends ProxySettings {
    /** Names of the Docker networks of the connector and of the backends. */
    networks: pulumi.Input<pulumi.Input<string>[]>;
    /** Image with `traefik` on its PATH, pinned, v3.6 or later. `traefik:v3.6.15` if omitted. */
    image?: pulumi.Input<string>;
    /** Name under which the proxy answers on its networks. `traefik` if omitted. */
    alias?: string;
    /** Routes from labels of containers, besides `routes`. None if omitted. */
    docker?: ProxyLabelProvider;
    /**
     * An address of the machine on which the proxy listens, for a closed network that has no tunnel. None if omitted: nothing is published.
     * The policy pack refuses the ports until a waiver names the container, the reason and an end.
     */
    listen?: ProxyListener;
}

/** What the configuration of a proxy on a single machine needs to know of it. */
export function runtimeOf({ docker, listen }: ProxyHost): RuntimeSettings {
    return {
        ...(docker === undefined ? {} : { docker }),
        ...(listen === undefined ? {} : { publishedHttpsPort: listen.httpsPort ?? 443 }),
    };
}

import type * as pulumi from "@pulumi/pulumi";
import type { AppConfig } from "./config/environment.ts";

/** What stands behind an environment's tunnel: the connectors and the way to each origin. */
export interface Backend {
    /** The origin of an app as a connector reaches it. */
    originOf(app: AppConfig): pulumi.Input<string>;
    /**
     * Starts the connectors; gives the name of their service, where they are one.
     *
     * @param configFile Ingress rules of a locally managed tunnel; from Cloudflare if omitted.
     */
    connect(configFile?: pulumi.Output<string>): pulumi.Output<string> | undefined;
    /** The Docker engine that it runs on, where it does. */
    docker?: pulumi.ProviderResource;
    /** The stack's own authority in PEM, where its origins have certificates from it. */
    originCa?: pulumi.Output<string>;
    /** Known once everything behind the tunnel runs with the secrets that it is given. */
    settled: pulumi.Input<unknown>;
    /** What the stack exports of it. */
    outputs: Record<string, pulumi.Input<unknown>>;
}

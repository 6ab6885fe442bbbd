import type * as pulumi from "@pulumi/pulumi";
import type { AppConfig } from "./config/environment.ts";

/** What stands behind an environment's tunnel: the connectors and the way to each origin. */
export interface Backend {
    /** The origin of an app as a connector reaches it. */
    originOf(app: AppConfig): pulumi.Input<string>;
    /** Name of the connectors' service, where they are one. */
    connectorService?: pulumi.Output<string>;
    /** What the stack exports of it. */
    outputs: Record<string, pulumi.Input<unknown>>;
}

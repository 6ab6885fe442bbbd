import { Service } from "@pulumi/docker/service.js";
import * as pulumi from "@pulumi/pulumi";

export interface DemoServiceArgs {
    /** Image of `traefik/whoami`; omitted means the pinned official one. */
    image?: pulumi.Input<string>;
    /** Overlay network on which the service answers as `demo`. */
    networkId: pulumi.Input<string>;
    /** Labels of the Swarm service. */
    labels: Record<string, string>;
}

/** The service behind the local environment's first app: it shows the request that reached it, identity headers included. */
export class DemoService extends pulumi.ComponentResource {
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: DemoServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("sallyport:index:DemoService", name, args, opts);
        const service = new Service(
            `${name}-service`,
            {
                labels: Object.entries(args.labels).map(([label, value]) => ({ label, value })),
                taskSpec: {
                    containerSpec: {
                        image: args.image ?? "traefik/whoami:v1.11.0",
                        args: ["--port", "8080"],
                        user: "65532:65532",
                        readOnly: true,
                        stopGracePeriod: "5s",
                    },
                    networksAdvanceds: [{ id: args.networkId, aliases: ["demo"] }],
                    restartPolicy: { condition: "any", delay: "1s", maxAttempts: 0, window: "0s" },
                },
                mode: { replicated: { replicas: 1 } },
                endpointSpec: { mode: "dnsrr" },
                convergeConfig: { delay: "500ms", timeout: "2m" },
            },
            { parent: this },
        );
        this.serviceName = service.name;
        this.registerOutputs({ serviceName: this.serviceName });
    }
}

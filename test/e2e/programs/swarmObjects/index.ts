import { Network } from "@pulumi/docker/network.js";
import { Service } from "@pulumi/docker/service.js";
import * as pulumi from "@pulumi/pulumi";
import { randomText } from "../../../../components/internal/randomText.ts";
import { labelList, swarmConfig, swarmSecret, swarmService } from "../../../../components/internal/swarm.ts";

const { SWARM_IMAGE: image = "" } = process.env;
const labels = { "sallyport.stack": pulumi.getStack() };

class Objects extends pulumi.ComponentResource {
    constructor() {
        super("test:index:Objects", "objects");
        const parent = { parent: this };
        const network = new Network(
            "network",
            { name: `sallyport-${pulumi.getStack()}`, driver: "overlay", internal: true, labels: labelList(labels) },
            parent,
        );
        // Without its state it is another one.
        const secret = swarmSecret("secret", randomText("text", 1, this), labels, parent);
        const config = swarmConfig("config", "the same again", labels, parent);
        new Service(
            "service",
            swarmService({
                image,
                command: "/whoami",
                args: ["--port", "8080"],
                secrets: [{ secret, path: "/run/secrets/text" }],
                configs: [{ config, path: "/etc/config" }],
                healthcheck: ["/whoami", "--help"],
                stopGraceSeconds: 1,
                memoryMebibytes: 64,
                networkIds: [network.id],
                replicas: 1,
                constraints: [],
                labels,
                convergeTimeout: "60s",
            }),
            parent,
        );
        this.registerOutputs({});
    }
}

new Objects();

import { Network } from "@pulumi/docker/network.js";
import { Provider } from "@pulumi/docker/provider.js";
import { Service } from "@pulumi/docker/service.js";
import { SwarmTunnelSidecar } from "../../../../components/index.ts";

interface Settings {
    host: string;
    images: { cloudflared: string; demo: string };
    edge: { addresses: string[]; caPem: string };
    tunnelId: string;
    credentials: string;
    /** Services with one task each, and the node that it keeps to. */
    pinned: Record<string, string>;
}

const settings = JSON.parse(process.env.NODES_SETTINGS ?? "{}") as Settings;
const { images, edge, tunnelId, credentials, pinned } = settings;
const opts = { provider: new Provider("docker", { host: settings.host }) };
const data = new Network("data", { name: "nodes-data", driver: "overlay", internal: false, attachable: false }, opts);

const service = (name: string, mode: object, constraints: string[]) =>
    new Service(
        name,
        {
            name,
            taskSpec: {
                containerSpec: { image: images.demo, args: ["--port", "8080"], user: "65532:65532" },
                networksAdvanceds: [{ name: data.id }],
                placement: { constraints },
            },
            mode,
            endpointSpec: { mode: "dnsrr" },
        },
        opts,
    );
service("everywhere", { global: true }, []);
for (const [name, node] of Object.entries(pinned)) {
    service(name, { replicated: { replicas: 1 } }, [`node.id==${node}`]);
}
new SwarmTunnelSidecar(
    "connector",
    { tunnelId, credentials, networkIds: [data.id], image: images.cloudflared, edge },
    { providers: [opts.provider] },
);

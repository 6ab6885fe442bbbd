import { type CaseGroup, docker } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const REACH = "and let a tunnel connector on its network reach it.";

export const exposure: readonly CaseGroup[] = [
    {
        topic: "published ports",
        rules: ["no-published-service-port", "no-published-container-port"],
        violating: [
            {
                what: "a service port in ingress mode",
                resources: [
                    docker.service("web", { endpointSpec: { ports: [{ targetPort: 80, publishedPort: 443 }] } }),
                ],
                messages: [
                    `Service 'web' publishes port 443 for its port 80 (publishMode "ingress"). Remove the entry from \`endpointSpec.ports\` ${REACH}`,
                ],
            },
            {
                what: "a service port in host mode and one without publishedPort, each by itself",
                resources: [
                    docker.service("web", {
                        endpointSpec: {
                            ports: [{ targetPort: 80, publishedPort: 8080, publishMode: "host" }, { targetPort: 9000 }],
                        },
                    }),
                ],
                messages: [
                    `Service 'web' publishes port 8080 for its port 80 (publishMode "host"). Remove the entry from \`endpointSpec.ports\` ${REACH}`,
                    `Service 'web' publishes a port of Docker's choice for its port 9000 (publishMode "ingress"). Remove the entry from \`endpointSpec.ports\` ${REACH}`,
                ],
            },
            {
                what: "a container's port, with and without the host's",
                resources: [
                    docker.container("web", {
                        ports: [
                            { internal: 80, external: 443 },
                            { internal: 9000, ip: "127.0.0.1" },
                        ],
                    }),
                ],
                messages: [
                    `Container 'web' publishes port 443 on "0.0.0.0" for its port 80. Remove the entry from \`ports\` ${REACH}`,
                    `Container 'web' publishes a port of Docker's choice on "127.0.0.1" for its port 9000. Remove the entry from \`ports\` ${REACH}`,
                ],
            },
            {
                what: "all of an image's ports at once",
                resources: [docker.container("web", { publishAllPorts: true })],
                messages: [
                    `Container 'web' sets 'publishAllPorts' to true, which publishes every port that its image exposes. Remove \`publishAllPorts\` ${REACH}`,
                ],
            },
        ],
        compliant: [
            {
                what: "services and containers without ports",
                resources: [
                    docker.service("web", { endpointSpec: { mode: "dnsrr" } }),
                    docker.service("db", { endpointSpec: { ports: [] } }),
                    docker.service("job", {}),
                    docker.container("web", { ports: [], publishAllPorts: false, networkMode: "bridge" }),
                ],
            },
        ],
        unknown: [
            {
                what: "ports whose numbers are not known are published all the same",
                resources: [
                    docker.service("web", {
                        endpointSpec: {
                            ports: [{ targetPort: UNKNOWN, publishedPort: UNKNOWN, publishMode: UNKNOWN }],
                        },
                    }),
                    docker.service("api", { endpointSpec: { ports: [UNKNOWN] }, labels: UNKNOWN }),
                    docker.container("db", { ports: [{ internal: UNKNOWN, external: UNKNOWN, ip: UNKNOWN }] }),
                ],
                messages: [
                    `Service 'web' publishes port (not known yet) for its port (not known yet) (publishMode (not known yet)). Remove the entry from \`endpointSpec.ports\` ${REACH}`,
                    `Service 'api' publishes port (not known yet) for its port (not known yet) (publishMode (not known yet)). Remove the entry from \`endpointSpec.ports\` ${REACH}`,
                    `Container 'db' publishes port (not known yet) on (not known yet) for its port (not known yet). Remove the entry from \`ports\` ${REACH}`,
                ],
            },
            {
                what: "lists that are not known at all wait for the update",
                resources: [
                    docker.service("web", { endpointSpec: UNKNOWN }),
                    docker.service("api", { endpointSpec: { ports: UNKNOWN } }),
                    docker.container("db", { ports: UNKNOWN, publishAllPorts: UNKNOWN }),
                ],
            },
        ],
    },
    {
        topic: "the host's network",
        rules: ["no-host-network-for-service", "no-host-network-for-container"],
        violating: [
            {
                what: "a service on the host's network, by name and by id",
                resources: [
                    docker.service("web", { taskSpec: { networksAdvanceds: [{ id: "net-1" }, { name: "host" }] } }),
                    docker.service("api", { taskSpec: { networksAdvanceds: [{ id: "host" }] } }),
                ],
                messages: [
                    "Service 'web' is attached to the network 'host' in `taskSpec.networksAdvanceds`. Attach it to an overlay network of its own.",
                    "Service 'api' is attached to the network 'host' in `taskSpec.networksAdvanceds`. Attach it to an overlay network of its own.",
                ],
            },
            {
                what: "a container in the host's network mode, or attached to it",
                resources: [
                    docker.container("web", { networkMode: "host" }),
                    docker.container("api", { networksAdvanced: [{ name: "host" }] }),
                ],
                messages: [
                    "Container 'web' sets 'networkMode' to \"host\". Remove it and name a network in `networksAdvanced`.",
                    "Container 'api' is attached to the network 'host' in `networksAdvanced`. Attach it to a bridge network of its own.",
                ],
            },
        ],
        compliant: [
            {
                what: "networks of their own",
                resources: [
                    docker.service("web", { taskSpec: { networksAdvanceds: [{ id: "net-1" }] } }),
                    docker.container("web", { networkMode: "bridge", networksAdvanced: [{ name: "ghost" }] }),
                    docker.container("helper", { networkMode: "container:web" }),
                ],
            },
        ],
        unknown: [
            {
                what: "the host's network of a container whose image is not known",
                resources: [docker.container("web", { image: UNKNOWN, networkMode: "host" })],
                messages: [
                    "Container 'web' sets 'networkMode' to \"host\". Remove it and name a network in `networksAdvanced`.",
                ],
            },
            {
                what: "one unknown network hides no other",
                resources: [
                    docker.service("web", {
                        taskSpec: { networksAdvanceds: [UNKNOWN, { id: UNKNOWN, name: "host" }] },
                    }),
                ],
                messages: [
                    "Service 'web' is attached to the network 'host' in `taskSpec.networksAdvanceds`. Attach it to an overlay network of its own.",
                ],
            },
            {
                what: "networks that are about to be made",
                resources: [
                    docker.service("web", { taskSpec: { networksAdvanceds: [{ id: UNKNOWN }] } }),
                    docker.container("api", { networkMode: UNKNOWN, networksAdvanced: UNKNOWN }),
                ],
            },
        ],
    },
    {
        topic: "networks of the host's segment",
        rules: ["no-lan-network"],
        violating: [
            {
                what: "drivers that hand out addresses of the host's network",
                resources: [docker.network("lan", { driver: "macvlan" }), docker.network("vlan", { driver: "ipvlan" })],
                messages: ["lan", "vlan"].map(
                    (name, index) =>
                        `Network '${name}' has the driver "${index === 0 ? "macvlan" : "ipvlan"}", which gives its containers addresses on the host's network. Write "overlay" (Swarm) or "bridge".`,
                ),
            },
        ],
        compliant: [
            {
                what: "private drivers",
                resources: [
                    docker.network("a", { driver: "overlay" }),
                    docker.network("b", { driver: "bridge" }),
                    docker.network("c", {}),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown name beside a known driver",
                resources: [docker.network("lan", { driver: "macvlan", name: UNKNOWN, options: UNKNOWN })],
                messages: [
                    'Network \'lan\' has the driver "macvlan", which gives its containers addresses on the host\'s network. Write "overlay" (Swarm) or "bridge".',
                ],
            },
            { what: "an unknown driver", resources: [docker.network("lan", { driver: UNKNOWN })] },
        ],
    },
];

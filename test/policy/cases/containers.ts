import { type CaseGroup, containerSpec, docker } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const CAPABILITIES = 'Name the ones that the program needs, such as "CAP_NET_ADMIN".';
const SOCKET = "Set `readOnly: true`, or reach the engine through a proxy that forwards reading calls only.";

export const containers: readonly CaseGroup[] = [
    {
        topic: "privileges",
        rules: ["no-privileged-service", "no-privileged-container"],
        violating: [
            {
                what: "a privileged container",
                resources: [
                    docker.container("agent", { privileged: true }),
                    docker.container("text", { privileged: "true" }),
                ],
                messages: [
                    "Container 'agent' sets 'privileged' to true. Remove it and add the single capabilities that the program needs to `capabilities.adds`.",
                    "Container 'text' sets 'privileged' to true. Remove it and add the single capabilities that the program needs to `capabilities.adds`.",
                ],
            },
            {
                what: "every capability",
                resources: [
                    docker.container("agent", { capabilities: { adds: ["CAP_NET_ADMIN", "ALL"] } }),
                    docker.service("agent", containerSpec({ capAdds: ["CAP_ALL"] })),
                ],
                messages: [
                    `Container 'agent' adds all capabilities in \`capabilities.adds\`. ${CAPABILITIES}`,
                    `Service 'agent' adds all capabilities in \`taskSpec.containerSpec.capAdds\`. ${CAPABILITIES}`,
                ],
            },
        ],
        compliant: [
            {
                what: "single capabilities",
                resources: [
                    docker.container("agent", {
                        privileged: false,
                        capabilities: { adds: ["CAP_NET_ADMIN"], drops: ["ALL"] },
                    }),
                    docker.service("agent", containerSpec({ capAdds: ["CAP_NET_ADMIN"], capDrops: ["ALL"] })),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown image beside a known switch",
                resources: [docker.container("agent", { image: UNKNOWN, privileged: true, capabilities: UNKNOWN })],
                messages: [
                    "Container 'agent' sets 'privileged' to true. Remove it and add the single capabilities that the program needs to `capabilities.adds`.",
                ],
            },
            {
                what: "switches that are not known",
                resources: [
                    docker.container("agent", { privileged: UNKNOWN, capabilities: { adds: [UNKNOWN] } }),
                    docker.service("agent", containerSpec({ capAdds: UNKNOWN })),
                ],
            },
        ],
    },
    {
        topic: "the host's namespaces",
        rules: ["no-host-namespace"],
        violating: [
            {
                what: "each of the host's namespaces",
                resources: [
                    docker.container("agent", {
                        pidMode: "host",
                        ipcMode: "host",
                        usernsMode: "host",
                        cgroupnsMode: "host",
                    }),
                ],
                messages: [
                    "Container 'agent' sets 'pidMode' to \"host\" and shares the host's processes. Remove the property.",
                    "Container 'agent' sets 'ipcMode' to \"host\" and shares the host's shared memory. Remove the property.",
                    "Container 'agent' sets 'usernsMode' to \"host\" and shares the host's users. Remove the property.",
                    "Container 'agent' sets 'cgroupnsMode' to \"host\" and shares the host's control groups. Remove the property.",
                ],
            },
        ],
        compliant: [
            {
                what: "namespaces of its own",
                resources: [docker.container("agent", { pidMode: "", ipcMode: "private", cgroupnsMode: "private" })],
            },
        ],
        unknown: [
            {
                what: "one unknown namespace hides no other",
                resources: [docker.container("agent", { pidMode: UNKNOWN, ipcMode: "host" })],
                messages: [
                    "Container 'agent' sets 'ipcMode' to \"host\" and shares the host's shared memory. Remove the property.",
                ],
            },
            {
                what: "unknown namespaces",
                resources: [docker.container("agent", { pidMode: UNKNOWN, usernsMode: UNKNOWN })],
            },
        ],
    },
    {
        topic: "the engine's socket",
        rules: ["no-writable-engine-socket-in-service", "no-writable-engine-socket-in-container"],
        violating: [
            {
                what: "a service's mount of the socket",
                resources: [
                    docker.service(
                        "traefik",
                        containerSpec({
                            mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" }],
                        }),
                    ),
                ],
                messages: [
                    `Service 'traefik' mounts "/var/run/docker.sock" read-write, which makes it root on the host. ${SOCKET}`,
                ],
            },
            {
                what: "a container's mount, volume and a folder above",
                resources: [
                    docker.container("agent", {
                        mounts: [{ type: "bind", source: "/run/docker.sock", target: "/d.sock", readOnly: false }],
                        volumes: [
                            { hostPath: "/run/containerd/containerd.sock", containerPath: "/c.sock" },
                            { hostPath: "/run/", containerPath: "/host/run" },
                            { hostPath: "/", containerPath: "/host" },
                        ],
                    }),
                ],
                messages: ["/run/docker.sock", "/run/containerd/containerd.sock", "/run/", "/"].map(
                    (path) =>
                        `Container 'agent' mounts "${path}" read-write, which makes it root on the host. ${SOCKET}`,
                ),
            },
        ],
        compliant: [
            {
                what: "a read-only socket and other folders",
                resources: [
                    docker.service(
                        "traefik",
                        containerSpec({
                            mounts: [
                                { type: "bind", source: "/var/run/docker.sock", target: "/d.sock", readOnly: true },
                                { type: "volume", source: "data", target: "/data" },
                                { type: "tmpfs", target: "/tmp" },
                            ],
                        }),
                    ),
                    docker.container("web", {
                        volumes: [
                            { volumeName: "data", containerPath: "/data" },
                            { hostPath: "/srv/docker.sock.d", containerPath: "/d" },
                        ],
                    }),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown mount hides no other",
                resources: [
                    docker.container("agent", {
                        mounts: [UNKNOWN, { source: "/var/run/docker.sock", target: UNKNOWN, type: UNKNOWN }],
                        volumes: UNKNOWN,
                    }),
                ],
                messages: [
                    `Container 'agent' mounts "/var/run/docker.sock" read-write, which makes it root on the host. ${SOCKET}`,
                ],
            },
            {
                what: "a mount that may yet be read-only, or of something else",
                resources: [
                    docker.service(
                        "agent",
                        containerSpec({ mounts: [{ source: "/var/run/docker.sock", readOnly: UNKNOWN }] }),
                    ),
                    docker.service("api", containerSpec({ mounts: UNKNOWN })),
                    docker.container("agent", {
                        mounts: [{ source: "/var/run/docker.sock", readOnly: UNKNOWN }, { source: UNKNOWN }],
                    }),
                ],
            },
        ],
    },
];

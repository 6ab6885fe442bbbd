import { type CaseGroup, containerSpec, docker } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const CAPABILITIES = 'Name the ones that the program needs, such as "CAP_NET_ADMIN".';
const SOCKET = "Set `readOnly: true`, or reach the engine through a proxy that forwards reading calls only.";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const capable = (subject: string, name: string, power: string) => {
    const property = subject.startsWith("Service") ? "taskSpec.containerSpec.capAdds" : "capabilities.adds";
    return `${subject} adds CAP_${name} in \`${property}\`, with which a process may ${power}. Remove it.`;
};
const unconfined = (option: string, what: string) =>
    `Container 'agent' has "${option}" in \`securityOpts\`, which allows ${what}. Remove it.`;
const inProduction = { stack: "prod" };
const unpinned = (subject: string, image: string) =>
    `${subject} runs the image "${image}", whose content may change under its name. Write \`${image}@sha256:<digest>\`; \`sallyport pin\` looks it up.`;

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
                what: "every capability beside one that is not known",
                resources: [docker.service("agent", containerSpec({ capAdds: [UNKNOWN, "ALL"] }))],
                messages: [
                    `Service 'agent' adds all capabilities in \`taskSpec.containerSpec.capAdds\`. ${CAPABILITIES}`,
                ],
            },
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
                what: "folders that hold the socket, each of them",
                resources: ["/", "/run", "/run/", "/var/run", "/run/containerd", "/run/podman"].map((hostPath) =>
                    docker.container("agent", { volumes: [{ hostPath, containerPath: "/host" }] }),
                ),
                messages: ["/", "/run", "/run/", "/var/run", "/run/containerd", "/run/podman"].map(
                    (path) =>
                        `Container 'agent' mounts "${path}" read-write, which makes it root on the host. ${SOCKET}`,
                ),
            },
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
                what: "a service's socket beside a mount that is not known",
                resources: [
                    docker.service(
                        "agent",
                        containerSpec({ mounts: [UNKNOWN, { source: "/run/docker.sock", target: UNKNOWN }] }),
                    ),
                ],
                messages: [
                    `Service 'agent' mounts "/run/docker.sock" read-write, which makes it root on the host. ${SOCKET}`,
                ],
            },
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
    {
        topic: "capabilities over the host",
        rules: ["no-host-capability"],
        violating: [
            {
                what: "each of them, with and without its prefix",
                resources: [
                    docker.service("agent", containerSpec({ capAdds: ["CAP_SYS_ADMIN", "NET_ADMIN", "sys_module"] })),
                    docker.container("agent", {
                        capabilities: {
                            adds: ["BPF", "CAP_DAC_READ_SEARCH", "PERFMON", "SYS_BOOT", "SYS_PTRACE", "SYS_RAWIO"],
                        },
                    }),
                ],
                messages: [
                    capable("Service 'agent'", "SYS_ADMIN", "mount file systems and enter namespaces"),
                    capable("Service 'agent'", "SYS_MODULE", "load modules into the kernel"),
                    capable("Container 'agent'", "BPF", "load programs into the kernel"),
                    capable("Container 'agent'", "DAC_READ_SEARCH", "open every file of the host by its handle"),
                    capable("Container 'agent'", "PERFMON", "watch the kernel and every process"),
                    capable("Container 'agent'", "SYS_BOOT", "restart the host"),
                    capable("Container 'agent'", "SYS_PTRACE", "read and steer other processes"),
                    capable("Container 'agent'", "SYS_RAWIO", "write to the host's disks and memory"),
                ],
            },
        ],
        compliant: [
            {
                what: "capabilities over the container alone, and those that are dropped",
                resources: [
                    docker.service(
                        "web",
                        containerSpec({ capAdds: ["CAP_NET_BIND_SERVICE", "constructor"], capDrops: ["SYS_ADMIN"] }),
                    ),
                    docker.container("web", { capabilities: { adds: ["CHOWN"], drops: ["CAP_SYS_ADMIN"] } }),
                    docker.container("plain", {}),
                ],
            },
        ],
        unknown: [
            {
                what: "one beside others that are not known",
                resources: [
                    docker.container("agent", { capabilities: { adds: [UNKNOWN, "SYS_PTRACE"] }, image: UNKNOWN }),
                    docker.service("agent", containerSpec({ capAdds: UNKNOWN })),
                ],
                messages: [capable("Container 'agent'", "SYS_PTRACE", "read and steer other processes")],
            },
        ],
    },
    {
        topic: "confinement",
        rules: ["no-unconfined-container"],
        violating: [
            {
                what: "each confinement that is switched off",
                resources: [
                    docker.container("agent", {
                        securityOpts: [
                            "seccomp=unconfined",
                            "apparmor:unconfined",
                            "label=disable",
                            "systempaths=unconfined",
                            "no-new-privileges:false",
                        ],
                    }),
                ],
                messages: [
                    unconfined("seccomp=unconfined", "every system call"),
                    unconfined("apparmor:unconfined", "no AppArmor profile"),
                    unconfined("label=disable", "no SELinux label"),
                    unconfined("systempaths=unconfined", "the kernel's masked paths"),
                    unconfined("no-new-privileges:false", "programs that change their user"),
                ],
            },
        ],
        compliant: [
            {
                what: "profiles of one's own",
                resources: [
                    docker.container("agent", {
                        securityOpts: ["seccomp=/etc/docker/web.json", "no-new-privileges:true", "constructor"],
                    }),
                    docker.container("plain", {}),
                ],
            },
        ],
        unknown: [
            {
                what: "one beside others that are not known",
                resources: [
                    docker.container("agent", { securityOpts: [UNKNOWN, "seccomp=unconfined"] }),
                    docker.container("other", { securityOpts: UNKNOWN }),
                ],
                messages: [unconfined("seccomp=unconfined", "every system call")],
            },
        ],
    },
    {
        topic: "images in production",
        rules: ["image-has-digest"],
        violating: [
            {
                what: "images by a tag, or by nothing",
                resources: [
                    docker.service("web", containerSpec({ image: "nginx:1.29" }), inProduction),
                    docker.container("db", { image: "registry.example.com:5000/db" }, inProduction),
                    docker.image("cache", { name: "redis:8" }, { stack: "production" }),
                ],
                messages: [
                    unpinned("Service 'web'", "nginx:1.29"),
                    unpinned("Container 'db'", "registry.example.com:5000/db"),
                    unpinned("Image 'cache'", "redis:8"),
                ],
            },
            {
                what: "the same in another stack that the configuration names",
                resources: [docker.container("db", { image: "postgres:18" })],
                config: { stacks: ["staging"] },
                messages: [unpinned("Container 'db'", "postgres:18")],
            },
        ],
        compliant: [
            {
                what: "images by their digest or id",
                resources: [
                    docker.service("web", containerSpec({ image: `nginx:1.29@${DIGEST}` }), inProduction),
                    docker.container("db", { image: DIGEST }, inProduction),
                    docker.image("cache", { name: `redis@${DIGEST}` }, inProduction),
                    docker.image("own", { name: "own:1", build: { context: "." } }, inProduction),
                ],
            },
            {
                what: "a tag outside production",
                resources: [
                    docker.container("db", { image: "postgres:18" }),
                    docker.service("db", containerSpec({ image: "postgres:18" }), { stack: "local" }),
                ],
            },
            {
                what: "a tag in a stack that the configuration leaves out",
                resources: [docker.container("db", { image: "postgres:18" }, inProduction)],
                config: { stacks: [] },
            },
        ],
        unknown: [
            {
                what: "an image that is not known, and one beside what is not",
                resources: [
                    docker.container("web", { image: UNKNOWN }, inProduction),
                    docker.service("web", containerSpec({ image: "nginx:1.29", env: UNKNOWN }), inProduction),
                    docker.image("cache", { name: UNKNOWN }, inProduction),
                    docker.image("built", { name: "own:1", build: UNKNOWN }, inProduction),
                ],
                messages: [unpinned("Service 'web'", "nginx:1.29")],
            },
        ],
    },
];

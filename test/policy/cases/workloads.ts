import { type CaseGroup, cloudflare, resource, tunnelName } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const CLUSTER_IP = 'Leave `type` at "ClusterIP" and let a tunnel connector in the cluster reach the service.';
const HOST_PORT = "Remove `hostPort` and let a tunnel connector in the cluster reach the pods through a service.";
const INGRESS =
    "Name a class that a tunnel leads to, or list this one in `tunnelClasses` if the controller of the Ingress is reached through a tunnel.";
const DECLARE =
    "Declare the container as a `docker.Service` or `docker.Container` without ports, and put a tunnel connector on its network.";
const ORIGIN = "Write `<tunnel id>.cfargotunnel.com`, or a private address with its `virtualNetworkId`.";

type Props = Readonly<Record<string, unknown>>;
const service = (name: string, spec: unknown, annotations?: unknown) =>
    resource("kubernetes:core/v1:Service", name, { metadata: { annotations }, spec });
const pod = (name: string, spec: unknown) => resource("kubernetes:core/v1:Pod", name, { spec });
const ingress = (name: string, props: Props) => resource("kubernetes:networking.k8s.io/v1:Ingress", name, props);
const command = (name: string, props: Props) => resource("command:local:Command", name, props);
const pool = (name: string, origins: unknown) =>
    resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", name, { origins });

/** What runs in clusters and by commands, and what Cloudflare forwards to: what their rules have in common. */
export const workloads: readonly CaseGroup[] = [
    {
        topic: "Kubernetes services",
        rules: ["no-public-kubernetes-service"],
        violating: [
            {
                what: "every way in of one service",
                resources: [
                    service("web", { type: "LoadBalancer", externalIPs: ["203.0.113.1"] }),
                    service("api", { type: "NodePort" }),
                ],
                messages: [
                    `Service 'web' asks for a public load balancer (LoadBalancer). ${CLUSTER_IP}`,
                    "Service 'web' answers on the nodes' own addresses in `externalIPs`. Remove `externalIPs`.",
                    `Service 'api' opens a port on every node (NodePort). ${CLUSTER_IP}`,
                ],
            },
            {
                what: "a list of services among plain objects",
                resources: [
                    resource("kubernetes:yaml:ConfigGroup", "objects", {
                        objs: [{ kind: "ServiceList", items: [{ kind: "Service", spec: { type: "NodePort" } }] }],
                    }),
                ],
                messages: [`ConfigGroup 'objects' opens a port on every node (NodePort) (Service ""). ${CLUSTER_IP}`],
            },
            {
                what: "values of a chart, in the list that they stand in",
                resources: [
                    resource("kubernetes:helm.sh/v3:Release", "chart", {
                        values: { services: [{ type: "ClusterIP" }, { type: "NodePort" }] },
                    }),
                ],
                messages: [
                    `Release 'chart' opens a port on every node (NodePort) (\`values.services[1]\`). ${CLUSTER_IP}`,
                ],
            },
        ],
        compliant: [
            {
                what: "services inside, objects of other kinds, text that is no YAML",
                resources: [
                    service("web", { type: "ClusterIP" }),
                    service("lb", { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/25"] }),
                    resource("kubernetes:yaml:ConfigGroup", "objects", {
                        yaml: ["kind: Secret\ntype: NodePort\n", "{"],
                    }),
                    resource("kubernetes:helm.sh/v3:Release", "chart", {
                        values: { service: { port: 80 }, type: "x" },
                    }),
                ],
                config: { allowedSources: ["203.0.113.0/24"] },
            },
        ],
        unknown: [
            {
                what: "an unknown name beside a known type",
                resources: [service("web", { type: "NodePort", selector: UNKNOWN, externalIPs: UNKNOWN })],
                messages: [`Service 'web' opens a port on every node (NodePort). ${CLUSTER_IP}`],
            },
            {
                what: "a type, annotations and objects that are not known",
                resources: [
                    service("web", { type: UNKNOWN }),
                    service("api", { type: "LoadBalancer" }, UNKNOWN),
                    service("lb", { type: "LoadBalancer" }, { "networking.gke.io/load-balancer-type": UNKNOWN }),
                    resource("kubernetes:yaml:ConfigGroup", "objects", { yaml: UNKNOWN, objs: [UNKNOWN] }),
                ],
            },
        ],
    },
    {
        topic: "pods on their nodes",
        rules: ["no-host-port-in-pod"],
        violating: [
            {
                what: "the node's network, and each port of the node's",
                resources: [
                    pod("web", {
                        hostNetwork: true,
                        containers: [
                            { name: "a", ports: [{ containerPort: 80, hostPort: 80 }, { containerPort: 90 }] },
                            { name: "b", ports: [{ containerPort: 81, hostPort: 81 }] },
                        ],
                    }),
                ],
                messages: [
                    "Pod 'web' puts its pods on the network of their nodes by `hostNetwork`. Remove `hostNetwork`.",
                    `Pod 'web' opens port 80 of its nodes by \`hostPort\`. ${HOST_PORT}`,
                    `Pod 'web' opens port 81 of its nodes by \`hostPort\`. ${HOST_PORT}`,
                ],
            },
            {
                what: "a chart that switches ports of the nodes on",
                resources: [
                    resource("kubernetes:helm.sh/v3:Release", "chart", { values: { hostPort: { enabled: true } } }),
                ],
                messages: ["Release 'chart' opens ports of nodes by `hostPort` (`values`). Remove `hostPort`."],
            },
        ],
        compliant: [
            {
                what: "addresses of their own",
                resources: [
                    pod("web", { hostNetwork: false, containers: [{ ports: [{ containerPort: 80, hostPort: 0 }] }] }),
                    resource("kubernetes:helm.sh/v3:Release", "chart", {
                        values: { hostPort: 0, a: { hostPort: {} } },
                    }),
                ],
            },
        ],
        unknown: [
            {
                what: "a port of the node's whose number is not known",
                resources: [pod("web", { containers: [UNKNOWN, { image: UNKNOWN, ports: [{ hostPort: UNKNOWN }] }] })],
                messages: [`Pod 'web' opens port (not known yet) of its nodes by \`hostPort\`. ${HOST_PORT}`],
            },
            { what: "a network that is not known", resources: [pod("web", { hostNetwork: UNKNOWN, containers: [] })] },
        ],
    },
    {
        topic: "Ingress and Gateway",
        rules: ["no-public-kubernetes-ingress"],
        violating: [
            {
                what: "another class, and none",
                resources: [ingress("web", { spec: { ingressClassName: "nginx" } }), ingress("api", { spec: {} })],
                messages: [
                    `Ingress 'web' is served by the class "nginx", which takes connections from outside. ${INGRESS}`,
                    `Ingress 'api' is served by the cluster's default class, which takes connections from outside. ${INGRESS}`,
                ],
            },
            {
                what: "the usual class, where the setting names another",
                resources: [ingress("web", { spec: { ingressClassName: "cloudflare-tunnel" } })],
                config: { tunnelClasses: ["internal"] },
                messages: [
                    `Ingress 'web' is served by the class "cloudflare-tunnel", which takes connections from outside. ${INGRESS}`,
                ],
            },
        ],
        compliant: [
            {
                what: "a class that the setting names",
                resources: [ingress("web", { spec: { ingressClassName: "internal" } })],
                config: { tunnelClasses: ["internal"] },
            },
        ],
        unknown: [
            {
                what: "an unknown host beside a known class",
                resources: [ingress("web", { spec: { ingressClassName: "nginx", rules: [{ host: UNKNOWN }] } })],
                messages: [
                    `Ingress 'web' is served by the class "nginx", which takes connections from outside. ${INGRESS}`,
                ],
            },
            {
                what: "a class that is not known",
                resources: [ingress("web", { spec: { ingressClassName: UNKNOWN } }), ingress("api", { spec: UNKNOWN })],
            },
        ],
    },
    {
        topic: "ports in scripts",
        rules: ["no-published-port-in-script"],
        violating: [
            {
                what: "each option of each command",
                resources: [
                    command("web", {
                        create: "docker run -p 80:80 -p 443:443 web && /usr/bin/podman create --net=host api; docker container run --publish-all=true x",
                        update: "docker -H ssh://a container create -itp 1:1 x | cat",
                        stdin: "docker run --network name=host,alias=x y\nnerdctl run -p=2:2 z",
                    }),
                ],
                messages: [
                    ...["-p 80:80", "-p 443:443", "--net host", "--publish-all"].map(
                        (words) => `Command 'web' opens ports by \`${words}\` (in \`create\`). ${DECLARE}`,
                    ),
                    `Command 'web' opens ports by \`-p 1:1\` (in \`update\`). ${DECLARE}`,
                    ...["--network name=host,alias=x", "-p 2:2"].map(
                        (words) => `Command 'web' opens ports by \`${words}\` (in \`stdin\`). ${DECLARE}`,
                    ),
                ],
            },
            {
                what: "Compose files, one of them in a here-document",
                resources: [
                    command("web", {
                        create: "tee a.yaml <<EOF\nservices:\n  a: {ports: [80]}\nEOF\ndocker compose up",
                        stdin: "services:\n  b:\n    network_mode: host\n    ports:\n      - {target: 90, published: 9090}\n      - {target: 91}\n",
                    }),
                ],
                messages: [
                    `Command 'web' publishes port 80 of the Compose service 'a' (in \`create\`). ${DECLARE}`,
                    `Command 'web' publishes port 9090 of the Compose service 'b' (in \`stdin\`). ${DECLARE}`,
                    `Command 'web' publishes port 91 of the Compose service 'b' (in \`stdin\`). ${DECLARE}`,
                    `Command 'web' puts the Compose service 'b' on the host's network (in \`stdin\`). ${DECLARE}`,
                ],
            },
            {
                what: "what is in base64",
                resources: [
                    resource("aws:ec2/launchTemplate:LaunchTemplate", "web", { userData: btoa("docker run -P web") }),
                ],
                messages: [`LaunchTemplate 'web' opens ports by \`-P\` (in \`userData\`). ${DECLARE}`],
            },
        ],
        compliant: [
            {
                what: "options of other programs, other commands, and what only looks like it",
                resources: [
                    command("a", {
                        create: "docker run --rm -w /srv -e A=-p web -p 80:80",
                        delete: "docker rm -f web",
                    }),
                    command("b", { create: "docker ps -p; docker network create host; docker run --net 'web' x" }),
                    command("c", {
                        create: "mkdir -p /srv/docker; echo docker; docker",
                        update: "docker run --publish-all=false x",
                    }),
                    command("d", {
                        create: "cat <<EOF\nservices: none\nEOF",
                        stdin: "services:\n  a: {expose: [80]}\n",
                    }),
                    command("e", { create: "docker --context prod info -p run" }),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown text beside a known one",
                resources: [command("web", { create: UNKNOWN, update: "docker run -P web", environment: UNKNOWN })],
                messages: [`Command 'web' opens ports by \`-P\` (in \`update\`). ${DECLARE}`],
            },
            { what: "a text that is not known", resources: [command("web", { create: UNKNOWN, stdin: UNKNOWN })] },
        ],
    },
    {
        topic: "origins behind Cloudflare",
        rules: ["no-open-origin-behind-cloudflare"],
        violating: [
            {
                what: "each origin that has to be open",
                resources: [
                    pool("web", [
                        { address: tunnelName },
                        { address: "origin.example.net" },
                        { address: "10.0.0.7" },
                        { address: "203.0.113.7", virtualNetworkId: "v" },
                    ]),
                ],
                messages: [
                    `LoadBalancerPool 'web' leads to "origin.example.net" (\`origins[1]\`), which has to be open. ${ORIGIN}`,
                    `LoadBalancerPool 'web' leads to "10.0.0.7" (\`origins[2]\`), which has to be open. ${ORIGIN}`,
                    `LoadBalancerPool 'web' leads to "203.0.113.7" (\`origins[3]\`), which has to be open. ${ORIGIN}`,
                ],
            },
        ],
        compliant: [
            {
                what: "tunnels, private addresses, and what is no pool",
                resources: [
                    pool("web", [{ address: tunnelName }, { address: "10.0.0.7", virtualNetworkId: UNKNOWN }]),
                    pool("none", []),
                    cloudflare.record("txt", { type: "TXT", name: "example.com", content: "v=spf1 -all" }),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown origin hides no other",
                resources: [pool("web", [UNKNOWN, { address: UNKNOWN }, { name: UNKNOWN, address: "203.0.113.7" }])],
                messages: [
                    `LoadBalancerPool 'web' leads to "203.0.113.7" (\`origins[2]\`), which has to be open. ${ORIGIN}`,
                ],
            },
            {
                what: "origins that are about to be made",
                resources: [
                    pool("web", UNKNOWN),
                    resource("cloudflare:index/spectrumApplication:SpectrumApplication", "ssh", {
                        originDns: { name: UNKNOWN },
                    }),
                ],
            },
        ],
    },
];

import type { Specimen } from "./specimen.ts";

const script = "no-published-port-in-script";

const compose = (service: string) =>
    `cat > compose.yaml <<'EOF'\nservices:\n  web:\n    image: web\n${service}\nEOF\ndocker compose up -d\n`;

/** Docker's services and containers, as resources, in commands and in what machines run at their first start. */
export const docker: readonly Specimen[] = [
    {
        what: "a Swarm service with a port on every node",
        type: "docker:index/service:Service",
        rule: "no-published-service-port",
        props: {
            taskSpec: { containerSpec: { image: "web@sha256:0" } },
            endpointSpec: { ports: [{ targetPort: 80, publishedPort: 8080, publishMode: "ingress" }] },
        },
        safe: [{ what: "with none", set: { "endpointSpec.ports": [] } }],
    },
    {
        what: "a Swarm service with a port of the host's",
        type: "docker:index/service:Service",
        rule: "no-published-service-port",
        props: {
            taskSpec: { containerSpec: { image: "web@sha256:0" } },
            endpointSpec: { ports: [{ targetPort: 80, publishedPort: 8080, publishMode: "host" }] },
        },
        safe: [{ what: "with an endpoint alone", set: { endpointSpec: { mode: "dnsrr" } } }],
    },
    {
        what: "a Swarm service with a port of Docker's choice",
        type: "docker:index/service:Service",
        rule: "no-published-service-port",
        props: {
            taskSpec: { containerSpec: { image: "web@sha256:0" } },
            endpointSpec: { ports: [{ targetPort: 80 }] },
        },
        safe: [{ what: "with no endpoint", set: { endpointSpec: undefined } }],
    },
    {
        what: "a Swarm service on the host's network",
        type: "docker:index/service:Service",
        rule: "no-host-network-for-service",
        props: { taskSpec: { containerSpec: { image: "web@sha256:0" }, networksAdvanceds: [{ name: "host" }] } },
        safe: [{ what: "on its own", set: { "taskSpec.networksAdvanceds.0.name": "web" } }],
    },
    {
        what: "a container with a port",
        type: "docker:index/container:Container",
        rule: "no-published-container-port",
        props: { image: "web@sha256:0", ports: [{ internal: 80, external: 8080 }] },
        safe: [{ what: "with none", set: { ports: undefined } }],
    },
    {
        what: "a container with a port on loopback, which others on the machine reach",
        type: "docker:index/container:Container",
        rule: "no-published-container-port",
        props: { image: "web@sha256:0", ports: [{ internal: 80, external: 8080, ip: "127.0.0.1" }] },
        safe: [{ what: "with none", set: { ports: [] } }],
    },
    {
        what: "a container with all ports of its image",
        type: "docker:index/container:Container",
        rule: "no-published-container-port",
        props: { image: "web@sha256:0", publishAllPorts: true },
        safe: [{ what: "with none", set: { publishAllPorts: false } }],
    },
    {
        what: "a container on the host's network",
        type: "docker:index/container:Container",
        rule: "no-host-network-for-container",
        props: { image: "web@sha256:0", networkMode: "host" },
        safe: [
            { what: "on its own", set: { networkMode: "bridge" } },
            { what: "on none", set: { networkMode: "none" } },
        ],
    },
    {
        what: "a network with addresses of the host's segment",
        type: "docker:index/network:Network",
        rule: "no-lan-network",
        props: { driver: "macvlan" },
        safe: [{ what: "with its own", set: { driver: "overlay" } }],
    },
    {
        what: "a command that publishes a port",
        type: "command:local:Command",
        rule: script,
        props: { create: "docker run -d --name web -p 8080:80 nginx" },
        safe: [
            { what: "that publishes none", set: { create: "docker run -d --name web nginx" } },
            {
                what: "whose container has such an option itself",
                set: { create: "docker run -d web serve -p 8080:80" },
            },
            { what: "of another program", set: { create: "ssh -p 2222 host.example.com uptime" } },
            { what: "that builds an image", set: { create: "docker build -t web . && docker push web" } },
        ],
    },
    {
        what: "letters of options run together",
        type: "command:local:Command",
        rule: script,
        props: { create: "sudo docker run -dp8080:80 nginx" },
        safe: [{ what: "without the one that publishes", set: { create: "sudo docker run -dit nginx" } }],
    },
    {
        what: "a command over several lines, after options with values",
        type: "command:remote:Command",
        rule: script,
        props: {
            connection: { host: "10.0.0.4" },
            create: 'docker run --detach \\\n  --env "GREETING=hello world" \\\n  --mount type=volume,src=data,dst=/data \\\n  --publish=443:8443 \\\n  web:1\n',
        },
        safe: [
            {
                what: "without the option",
                set: {
                    create: 'docker run --detach \\\n  --env "GREETING=hello world" \\\n  --mount type=volume,src=data,dst=/data \\\n  web:1\n',
                },
            },
        ],
    },
    {
        what: "a command on the host's network",
        type: "command:remote:Command",
        rule: script,
        props: { connection: { host: "10.0.0.4" }, create: "docker run --rm --network host web" },
        safe: [{ what: "on its own", set: { create: "docker run --rm --network web web" } }],
    },
    {
        what: "a command that creates a Swarm service with a port",
        type: "command:local:Command",
        rule: script,
        props: {
            create: "docker --host ssh://node service create --name web --publish mode=host,target=80,published=80 nginx",
        },
        safe: [{ what: "with none", set: { create: "docker --host ssh://node service create --name web nginx" } }],
    },
    {
        what: "a command that adds a port to a Swarm service",
        type: "command:local:Command",
        rule: script,
        props: { create: "true", update: "docker service update --publish-add 80:80 web" },
        safe: [{ what: "that takes one away", set: { update: "docker service update --publish-rm 80 web" } }],
    },
    {
        what: "another engine, inside another shell",
        type: "command:local:Command",
        rule: script,
        props: { create: "sh -c 'cd /srv && podman run -P web'" },
        safe: [{ what: "that publishes nothing", set: { create: "sh -c 'cd /srv && podman run web'" } }],
    },
    {
        what: "a Compose file that a command writes",
        type: "command:remote:Command",
        rule: script,
        props: { connection: { host: "10.0.0.4" }, create: compose('    ports: ["8080:80"]') },
        safe: [{ what: "whose service is reached by others alone", set: { create: compose('    expose: ["80"]') } }],
    },
    {
        what: "a Compose file on standard input, on the host's network",
        type: "command:local:Command",
        rule: script,
        props: {
            create: "docker compose -f - up -d",
            stdin: "services:\n  web:\n    image: web\n    network_mode: host\n",
        },
        safe: [{ what: "on its own", set: { stdin: "services:\n  web:\n    image: web\n    network_mode: bridge\n" } }],
    },
    {
        what: "a machine that starts a container with a port",
        type: "aws:ec2/instance:Instance",
        rule: script,
        props: { ami: "ami-1", userData: "#!/bin/sh\napt-get install -y docker.io\ndocker run -d -p 80:80 web\n" },
        safe: [
            { what: "with none", set: { userData: "#!/bin/sh\napt-get install -y docker.io\ndocker run -d web\n" } },
        ],
    },
    {
        what: "a machine whose first start is written by cloud-init",
        type: "hcloud:index/server:Server",
        rule: script,
        props: {
            serverType: "cax11",
            firewallIds: [1],
            userData: '#cloud-config\nruncmd:\n  - [docker, run, -d, "-p", "443:443", web]\n',
        },
        safe: [{ what: "without a port", set: { userData: "#cloud-config\nruncmd:\n  - [docker, run, -d, web]\n" } }],
    },
    {
        what: "a machine that gets a Compose file from cloud-init",
        type: "digitalocean:index/droplet:Droplet",
        rule: script,
        props: {
            image: "docker-20-04",
            publicNetworking: false,
            userData:
                "#cloud-config\nwrite_files:\n  - path: /srv/compose.yaml\n    content: |\n      services:\n        web:\n          ports:\n            - target: 80\n              published: 8080\n",
        },
        safe: [
            {
                what: "without a port",
                set: {
                    userData:
                        "#cloud-config\nwrite_files:\n  - path: /srv/compose.yaml\n    content: |\n      services:\n        web:\n          image: web\n",
                },
            },
        ],
    },
];

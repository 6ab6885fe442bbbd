import type { Specimen } from "./specimen.ts";

const service = "no-public-kubernetes-service";
const pod = "no-host-port-in-pod";
const ingress = "no-public-kubernetes-ingress";

const web = { name: "web", image: "web@sha256:0", ports: [{ containerPort: 80 }] };
const onHost = { name: "web", image: "web@sha256:0", ports: [{ containerPort: 80, hostPort: 8080 }] };
const template = (spec: unknown) => ({ metadata: { labels: { app: "web" } }, spec });
const internal = (name: string, value: string) => ({ metadata: { annotations: { [name]: value } } });

/** Kubernetes objects, as resources, as YAML and as a chart's values. */
export const kubernetes: readonly Specimen[] = [
    {
        what: "a service with a public load balancer",
        type: "kubernetes:core/v1:Service",
        rule: service,
        props: { metadata: {}, spec: { type: "LoadBalancer", ports: [{ port: 443 }] } },
        safe: [
            { what: "inside the cluster", set: { "spec.type": "ClusterIP" } },
            { what: "of no type", set: { "spec.type": undefined } },
            { what: "inside Google's network", set: internal("networking.gke.io/load-balancer-type", "Internal") },
            {
                what: "inside Azure's network",
                set: internal("service.beta.kubernetes.io/azure-load-balancer-internal", "true"),
            },
            {
                what: "inside AWS's network",
                set: internal("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"),
            },
            { what: "for private addresses", set: { "spec.loadBalancerSourceRanges": ["10.0.0.0/8"] } },
        ],
    },
    {
        what: "a service whose load balancer is said to be public",
        type: "kubernetes:core/v1:Service",
        rule: service,
        props: {
            metadata: { annotations: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" } },
            spec: { type: "LoadBalancer", ports: [{ port: 443 }], loadBalancerSourceRanges: ["203.0.113.0/24"] },
        },
        safe: [{ what: "for a private range", set: { "spec.loadBalancerSourceRanges": ["172.16.0.0/12"] } }],
    },
    {
        what: "a service with a port on every node",
        type: "kubernetes:core/v1:Service",
        rule: service,
        props: { spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] } },
        safe: [{ what: "that stands for a name elsewhere", set: { "spec.type": "ExternalName" } }],
    },
    {
        what: "a service on addresses of the nodes",
        type: "kubernetes:core/v1:Service",
        rule: service,
        props: { spec: { type: "ClusterIP", ports: [{ port: 80 }], externalIPs: ["203.0.113.10"] } },
        safe: [{ what: "on none", set: { "spec.externalIPs": [] } }],
    },
    {
        what: "a patch that makes a service public",
        type: "kubernetes:core/v1:ServicePatch",
        rule: service,
        props: { metadata: { name: "web" }, spec: { type: "LoadBalancer" } },
        safe: [{ what: "that makes it private", set: { "spec.type": "ClusterIP" } }],
    },
    {
        what: "a list of services, one of them public",
        type: "kubernetes:core/v1:ServiceList",
        rule: service,
        props: { items: [{ spec: { type: "ClusterIP" } }, { spec: { type: "NodePort" } }] },
        safe: [{ what: "none of them", set: { "items.1.spec.type": "ClusterIP" } }],
    },
    {
        what: "a pod on the network of its node",
        type: "kubernetes:core/v1:Pod",
        rule: pod,
        props: { spec: { hostNetwork: true, containers: [web] } },
        safe: [{ what: "on its own", set: { "spec.hostNetwork": false } }],
    },
    {
        what: "a pod with a port of its node",
        type: "kubernetes:core/v1:Pod",
        rule: pod,
        props: { spec: { containers: [onHost] } },
        safe: [{ what: "with its own", set: { "spec.containers.0": web } }],
    },
    {
        what: "a deployment with a port of its nodes, on loopback",
        type: "kubernetes:apps/v1:Deployment",
        rule: pod,
        props: {
            spec: {
                template: template({
                    containers: [{ name: "web", ports: [{ containerPort: 80, hostPort: 80, hostIP: "127.0.0.1" }] }],
                }),
            },
        },
        safe: [{ what: "with its own", set: { "spec.template.spec.containers.0.ports.0.hostPort": undefined } }],
    },
    {
        what: "a daemon set on the network of every node",
        type: "kubernetes:apps/v1:DaemonSet",
        rule: pod,
        props: { spec: { template: template({ hostNetwork: true, containers: [web] }) } },
        safe: [{ what: "on its own", set: { "spec.template.spec.hostNetwork": undefined } }],
    },
    {
        what: "a stateful set whose first container opens a port",
        type: "kubernetes:apps/v1:StatefulSet",
        rule: pod,
        props: { spec: { template: template({ initContainers: [onHost], containers: [web] }) } },
        safe: [{ what: "that does not", set: { "spec.template.spec.initContainers.0": web } }],
    },
    {
        what: "a replica set with a port of its nodes",
        type: "kubernetes:apps/v1:ReplicaSet",
        rule: pod,
        props: { spec: { template: template({ containers: [web, onHost] }) } },
        safe: [{ what: "with none", set: { "spec.template.spec.containers.1.ports": [] } }],
    },
    {
        what: "a job on the network of its node",
        type: "kubernetes:batch/v1:Job",
        rule: pod,
        props: { spec: { template: template({ hostNetwork: true, containers: [web] }) } },
        safe: [{ what: "on its own", set: { "spec.template.spec.hostNetwork": false } }],
    },
    {
        what: "a scheduled job on the network of its node",
        type: "kubernetes:batch/v1:CronJob",
        rule: pod,
        props: { spec: { jobTemplate: { spec: { template: template({ hostNetwork: true, containers: [web] }) } } } },
        safe: [{ what: "on its own", set: { "spec.jobTemplate.spec.template.spec.hostNetwork": false } }],
    },
    {
        what: "a template of pods with a port of their nodes",
        type: "kubernetes:core/v1:PodTemplate",
        rule: pod,
        props: { template: template({ containers: [onHost] }) },
        safe: [{ what: "with their own", set: { "template.spec.containers.0": web } }],
    },
    {
        what: "an ingress of the default class",
        type: "kubernetes:networking.k8s.io/v1:Ingress",
        rule: ingress,
        props: { metadata: {}, spec: { rules: [{ host: "app.example.com" }] } },
        safe: [
            { what: "of a tunnel's class", set: { "spec.ingressClassName": "cloudflare-tunnel" } },
            {
                what: "of a tunnel's class, by annotation",
                set: { metadata: { annotations: { "kubernetes.io/ingress.class": "cloudflare-tunnel" } } },
            },
        ],
    },
    {
        what: "an ingress of a controller that listens",
        type: "kubernetes:networking.k8s.io/v1:Ingress",
        rule: ingress,
        props: { spec: { ingressClassName: "nginx", rules: [{ host: "app.example.com" }] } },
        safe: [{ what: "of a tunnel's class", set: { "spec.ingressClassName": "cloudflare-tunnel" } }],
    },
    {
        what: "a gateway",
        type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        rule: ingress,
        props: { spec: { gatewayClassName: "istio", listeners: [{ name: "https", port: 443, protocol: "HTTPS" }] } },
        safe: [{ what: "of a tunnel's class", set: { "spec.gatewayClassName": "cloudflare-tunnel" } }],
    },
    {
        what: "YAML with a public service in its second document",
        type: "kubernetes:yaml:ConfigGroup",
        rule: service,
        props: {
            yaml: "kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\n---\nkind: Service\napiVersion: v1\nmetadata: {name: web}\nspec: {type: LoadBalancer}\n",
        },
        safe: [
            {
                what: "with one inside the cluster",
                set: { yaml: "kind: Service\napiVersion: v1\nmetadata: {name: web}\nspec: {type: ClusterIP}\n" },
            },
        ],
    },
    {
        what: "YAML with a port of the nodes, among several texts",
        type: "kubernetes:yaml/v2:ConfigGroup",
        rule: pod,
        props: {
            yaml: [
                "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, ports: [{containerPort: 80, hostPort: 80}]}]}}}\n",
            ],
        },
        safe: [
            {
                what: "with no port of theirs",
                set: {
                    yaml: [
                        "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, ports: [{containerPort: 80}]}]}}}\n",
                    ],
                },
            },
        ],
    },
    {
        what: "an object among others, with an ingress in a list",
        type: "kubernetes:yaml/v2:ConfigGroup",
        rule: ingress,
        props: {
            objs: [
                { apiVersion: "v1", kind: "List", items: [{ kind: "Ingress", spec: { ingressClassName: "traefik" } }] },
            ],
        },
        safe: [{ what: "of a tunnel's class", set: { "objs.0.items.0.spec.ingressClassName": "cloudflare-tunnel" } }],
    },
    {
        what: "a chart with a public service",
        type: "kubernetes:helm.sh/v3:Release",
        rule: service,
        props: { chart: "ingress-nginx", values: { controller: { service: { type: "LoadBalancer" } } } },
        safe: [{ what: "inside the cluster", set: { "values.controller.service.type": "ClusterIP" } }],
    },
    {
        what: "a chart with ports of the nodes",
        type: "kubernetes:helm.sh/v4:Chart",
        rule: pod,
        props: { chart: "traefik", values: { ports: { web: { port: 8000, hostPort: 80 } } } },
        safe: [{ what: "with none", set: { "values.ports.web.hostPort": undefined } }],
    },
    {
        what: "a chart on the network of the nodes",
        type: "kubernetes:helm.sh/v3:Release",
        rule: pod,
        props: { chart: "ingress-nginx", values: { controller: { hostNetwork: true } } },
        safe: [{ what: "on its own", set: { "values.controller.hostNetwork": false } }],
    },
    {
        what: "a chart with an ingress",
        type: "kubernetes:helm.sh/v3:Release",
        rule: ingress,
        props: { chart: "grafana", values: { ingress: { enabled: true, ingressClassName: "nginx" } } },
        safe: [
            { what: "that is switched off", set: { "values.ingress.enabled": false } },
            { what: "of a tunnel's class", set: { "values.ingress.ingressClassName": "cloudflare-tunnel" } },
        ],
    },
];

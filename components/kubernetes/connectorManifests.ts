import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { NONROOT } from "../internal/swarm.ts";
import type { TunnelEdge } from "../tunnel/connectorEnvironment.ts";
import { connectorEnvironment, EDGE_CA_PATH, GRACE_SECONDS, METRICS_ADDRESS } from "../tunnel/connectorEnvironment.ts";
import { CONNECTOR_IMAGE, type ConnectorLogLevel, type TunnelProtocol } from "../tunnel/connectorSettings.ts";
import { API_VERSIONS, labelsOf, type Manifest } from "./manifest.ts";
import { outboundOnly } from "./outboundOnly.ts";

/** What the connectors of one cluster are made from. */
export interface ConnectorSpec {
    clusterName: string;
    namespace: string;
    tunnelId: pulumi.Input<string>;
    /** Secret. */
    credentials: pulumi.Output<string>;
    /** Ingress rules of a locally managed tunnel; from Cloudflare if undefined. */
    configFile: pulumi.Output<string> | undefined;
    replicas: number;
    image: string | undefined;
    protocol: TunnelProtocol | undefined;
    logLevel: ConnectorLogLevel | undefined;
    edge: TunnelEdge | undefined;
    /** Addresses of the edge. */
    edgeRanges: readonly string[];
    /** Addresses of the API server, beside the edge and DNS all that connectors reach. */
    apiServerRanges: readonly string[];
    apiServerPort: number;
}

/** The objects of a cluster's connectors, in the order in which they are made. */
export interface ConnectorManifests {
    namespace: Manifest;
    /** Holds the credentials, in clear to the API and nowhere else. */
    secret: Manifest;
    /** Rules of a locally managed tunnel and authority of an edge of one's own; undefined where there is neither. */
    configMap: Manifest | undefined;
    networkPolicy: Manifest;
    deployment: Manifest;
    disruptionBudget: Manifest;
}

const NAME = "cloudflared";
const CREDENTIALS_FOLDER = "/etc/cloudflared/credentials";
const CREDENTIALS_FILE = "credentials.json";
const SETTINGS_FOLDER = "/etc/sallyport";
const CONFIG_FILE = "config.json";
const EDGE_CA_FILE = EDGE_CA_PATH.slice(SETTINGS_FOLDER.length + 1);
const USER = Number(NONROOT);

/** How often the kubelet asks, in seconds, and how often in a row the answer may be "no": a start is given half a minute, a connector without an edge five. */
const PROBE = { every: 10, unreadyAfter: 3, deadAfter: 30 };

export function connectorManifests(spec: ConnectorSpec): ConnectorManifests {
    const { clusterName, namespace, credentials } = spec;
    const labels = labelsOf(clusterName);
    // Neither a Secret nor a ConfigMap changes: other content has another name, the pods move over to it, and the old one goes last.
    // The digest of 381 random bits tells nothing about them.
    const secretName = pulumi.unsecret(credentials.apply((text) => `${NAME}-credentials-${digestOf(text)}`));
    const settings = settingsOf(spec);
    const settingsName = settings?.apply((data) => `${NAME}-settings-${digestOf(JSON.stringify(data))}`);
    const make = (kind: Manifest["kind"], name: pulumi.Input<string>, content: object): Manifest => ({
        apiVersion: API_VERSIONS[kind],
        kind,
        metadata: { name, namespace, labels },
        ...content,
    });
    return {
        namespace: {
            apiVersion: API_VERSIONS.Namespace,
            kind: "Namespace",
            // The strictest of the Pod Security Standards, which the connectors meet: nothing else comes into their namespace with more.
            metadata: { name: namespace, labels: { ...labels, "pod-security.kubernetes.io/enforce": "restricted" } },
        },
        secret: make("Secret", secretName, {
            type: "Opaque",
            immutable: true,
            data: { [CREDENTIALS_FILE]: credentials.apply((text) => Buffer.from(text).toString("base64")) },
        }),
        configMap:
            settingsName === undefined
                ? undefined
                : make("ConfigMap", settingsName, { immutable: true, data: settings }),
        networkPolicy: make("NetworkPolicy", NAME, { spec: outboundOnly(labels, spec) }),
        deployment: make("Deployment", NAME, { spec: deploymentOf(spec, labels, secretName, settingsName) }),
        disruptionBudget: make("PodDisruptionBudget", NAME, {
            spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
        }),
    };
}

function deploymentOf(
    spec: ConnectorSpec,
    labels: Record<string, string>,
    secretName: pulumi.Output<string>,
    settingsName: pulumi.Output<string> | undefined,
): object {
    const config = spec.configFile === undefined ? [] : ["--config", `${SETTINGS_FOLDER}/${CONFIG_FILE}`];
    const credentials = ["--credentials-file", `${CREDENTIALS_FOLDER}/${CREDENTIALS_FILE}`];
    // Its own question over loopback: it tells that a connection to the edge is there, and no port is open for it.
    const probe = { exec: { command: [NAME, "tunnel", "--metrics", METRICS_ADDRESS, "ready"] }, timeoutSeconds: 5 };
    const container = {
        name: NAME,
        image: spec.image ?? CONNECTOR_IMAGE,
        // Replaces the image's entry point, so that a mirrored or rebuilt image behaves the same.
        command: [NAME],
        args: ["tunnel", ...config, "run", ...credentials, spec.tunnelId],
        env: Object.entries(connectorEnvironment(spec)).map(([name, value]) => ({ name, value })),
        readinessProbe: { ...probe, periodSeconds: PROBE.every, failureThreshold: PROBE.unreadyAfter },
        livenessProbe: { ...probe, periodSeconds: PROBE.every, failureThreshold: PROBE.deadAfter },
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
        securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
            { name: "credentials", mountPath: CREDENTIALS_FOLDER, readOnly: true },
            ...(settingsName === undefined ? [] : [{ name: "settings", mountPath: SETTINGS_FOLDER, readOnly: true }]),
        ],
    };
    return {
        replicas: spec.replicas,
        // A new connector serves before an old one goes.
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        selector: { matchLabels: labels },
        template: {
            metadata: { labels },
            spec: {
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                terminationGracePeriodSeconds: GRACE_SECONDS + 5,
                securityContext: {
                    ...{ runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER },
                    seccompProfile: { type: "RuntimeDefault" },
                },
                topologySpreadConstraints: [
                    {
                        maxSkew: 1,
                        topologyKey: "kubernetes.io/hostname",
                        whenUnsatisfiable: "ScheduleAnyway",
                        labelSelector: { matchLabels: labels },
                    },
                ],
                containers: [container],
                volumes: [
                    // The pod's own group reads it; nobody writes it.
                    { name: "credentials", secret: { secretName, defaultMode: 0o440 } },
                    ...(settingsName === undefined ? [] : [{ name: "settings", configMap: { name: settingsName } }]),
                ],
            },
        },
    };
}

/** Files that are not secret, by name; undefined where there are none. */
function settingsOf({ configFile, edge }: ConnectorSpec): pulumi.Output<Record<string, string>> | undefined {
    if (configFile === undefined && edge === undefined) return undefined;
    return pulumi.all([configFile, edge?.caPem]).apply(
        ([rules, ca]): Record<string, string> => ({
            ...(rules === undefined ? {} : { [CONFIG_FILE]: rules }),
            ...(ca === undefined ? {} : { [EDGE_CA_FILE]: ca }),
        }),
    );
}

/** Enough digits that no two contents meet. */
function digestOf(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

import type { RotationSchedule } from "../../components/validation/index.ts";
import type { CaConfig } from "./ca.ts";
import type { ClusterSourceConfig } from "./clusterSources.ts";
import type { ClusterConfig } from "./clusters.ts";
import type { DeviceProfileConfig } from "./deviceProfiles.ts";
import type { FederationConfig } from "./federation/schema.ts";
import type { ClientCertificateConfig, OrganizationConfig } from "./identity/account.ts";
import type { ExclusionsConfig, GroupConfig, RequirementsConfig } from "./identity/audiences.ts";
import type { PostureConfig } from "./identity/posture.ts";
import type { IdentityProviderConfig } from "./identity/providers.ts";
import type { MetricsConfig } from "./metrics.ts";
import type { PrivateNetworkConfig } from "./privateNetworks.ts";
import type { SwarmConfig } from "./swarm.ts";
import type { TcpKeys } from "./tcp.ts";
import type { TunnelConfig } from "./tunnel.ts";

/** Who may enter an app: people and service tokens, named once and used by every app that lists the name. */
export interface AudienceConfig {
    name: string;
    emails: string[];
    emailDomains: string[];
    /** Networks in CIDR form; where there are any, requests must come from one of them. */
    ipRanges: string[];
    /** ISO 3166-1 alpha-2 codes; where there are any, requests must come from one of these countries. */
    countries: string[];
    /** Names of service tokens; the stack creates each one once. */
    serviceTokens: string[];
    /** Groups of the stack's identity providers. */
    groups?: GroupConfig[] | undefined;
    /** Machines by the common name of their client certificate. */
    certificateCommonNames?: string[] | undefined;
    /** Machines with any client certificate of an authority that is associated with the hostname. */
    anyClientCertificate?: boolean | undefined;
    /** What members must meet besides. */
    require?: RequirementsConfig | undefined;
    /** Who is kept out although a member. */
    exclude?: ExclusionsConfig | undefined;
    /** People say why they enter. */
    justification?: { prompt?: string | undefined } | undefined;
    /** People enter once somebody of every entry has agreed. */
    approvals?: { approvers: string[]; approvalsNeeded?: number | undefined }[] | undefined;
    /** How long a login lasts, Go duration, for example `24h`; omitted means Access's own default of the application. */
    sessionDuration?: string;
}

/** One public hostname (and optionally a path below it) in front of one service. */
export interface AppConfig extends TcpKeys {
    name: string;
    hostname: string;
    path?: string;
    /** Origin as the connector or the proxy reaches it, for example `http://grafana:3000` or `tcp://postgres:5432`. */
    service: string;
    /** Names of audiences; never empty. */
    audience: string[];
    /** How long an application session lasts, Go duration; omitted means 24h. */
    sessionDuration?: string;
}

export interface ServiceTokenConfig {
    name: string;
    /** Life of the token, Go duration; omitted means one year (8760h). */
    duration?: string;
    /** When its secret is replaced; omitted means never by itself. */
    rotation?: RotationSchedule;
}

export interface WorkloadConfig {
    /** Image reference; omitted means the pinned official image. */
    image?: string;
    /** Swarm replicas; omitted means 2. */
    replicas?: number;
}

export interface ProxyConfig extends WorkloadConfig {
    /** When the key of its certificate is replaced; omitted means with the certificate alone. */
    rotation?: RotationSchedule;
}

/** How the local services run: a value of `EmulatorConfig.runtime.kind`. */
export const LocalRuntime = {
    /** As in a real environment: Traefik, the demo service and the connectors are services of a Docker Swarm. */
    Swarm: "swarm",
    /** Where there is no Docker: the command line runs a connector and a demo service as processes of this machine. */
    Processes: "processes",
} as const;
export type LocalRuntime = (typeof LocalRuntime)[keyof typeof LocalRuntime];

/** Name of the app that the demo service stands behind. */
export const DEMO_APP = "demo";

/** What the stack's own containers need to know of the emulator. */
export interface SwarmRuntime {
    kind: typeof LocalRuntime.Swarm;
    /** Where connectors find the proxy to the Access team's keys, `host:port`. */
    teamProxy: string;
    images: { cloudflared: string; traefik: string; demo: string };
}

/** The stack declares nothing of Docker's; the one connector is a process beside its origins. */
export interface ProcessRuntime {
    kind: typeof LocalRuntime.Processes;
    /** Loopback URL of the demo service, for example `http://127.0.0.1:8090`. */
    demoService: string;
}

/** The local Cloudflare, as `sallyport local up` describes it in the file that `sallyport:emulator` names. */
export interface EmulatorConfig {
    /** Loopback base URL of the emulated API. */
    apiBaseUrl: string;
    /** Where connectors dial out to instead of Cloudflare's edge, `host:port` each; the host may be a name that only containers resolve. */
    edge: string[];
    /** PEM of the CA that signs the edge's certificates. */
    edgeCaPem: string;
    /** What runs the services. */
    runtime: SwarmRuntime | ProcessRuntime;
}

/** Everything that distinguishes one environment from another, checked. */
export interface Environment {
    stack: string;
    /** Cloudflare account, 32 hexadecimal digits: in the dashboard, Account home, "Copy account ID". */
    accountId: string;
    /** Zone (domain) that every host name of the stack belongs to. */
    zone: { name: string; id?: string };
    /** First label of the Access team's domain: `example` for `example.cloudflareaccess.com`. */
    team: string;
    /** Who may enter, said once by name; apps, clusters, labels and private networks name audiences. */
    audiences: AudienceConfig[];
    /** Service tokens with other settings than the usual ones; an audience that names one is enough to make it. */
    serviceTokens: ServiceTokenConfig[];
    /** Ways to log in, by name. */
    identityProviders: IdentityProviderConfig[];
    /** What is asked of devices, by name. */
    posture: PostureConfig[];
    /** Authorities whose client certificates the edge accepts, by name. */
    clientCertificates: ClientCertificateConfig[];
    /** Settings of the account's Access organization; omitted means that the stack leaves it alone. */
    organization?: OrganizationConfig;
    /** What is reachable: each app with its host name, its origin and its audiences. */
    apps: AppConfig[];
    /** What labels of Swarm services may ask for; omitted means that labels expose nothing. */
    swarm?: SwarmConfig;
    /** Networks that devices with Cloudflare's client reach through the tunnel. */
    privateNetworks: PrivateNetworkConfig[];
    /** What Cloudflare's client sends through it, for some people, by name. */
    deviceProfiles: DeviceProfileConfig[];
    /** The stack's tunnel. */
    tunnel: TunnelConfig;
    /** The schedule of every secret that has none of its own, authorities excepted; omitted means that nothing without one is rotated. */
    rotation?: RotationSchedule;
    /** Which roots of the stack's certificate authority are in use. */
    ca: CaConfig;
    /** Kubernetes clusters that people reach through Access. */
    clusters: ClusterConfig[];
    /** The federation that the stack takes part in; omitted means none. */
    federation?: FederationConfig;
    /** Where Kubernetes clusters are looked for besides. */
    clusterSources: ClusterSourceConfig[];
    /** The connectors, which run `cloudflared`. */
    connector: WorkloadConfig;
    /** Traefik, which stands between connectors and HTTP services. */
    proxy: ProxyConfig;
    /** What Prometheus can ask for figures, on a network of its own; omitted means nothing. */
    metrics?: MetricsConfig;
    /** Docker engine to deploy to, for example `ssh://deploy@swarm.example.com`; omitted means the provider's own default. */
    dockerHost?: string;
    /** The emulator that the stack goes to instead of Cloudflare; only in the stack `local`, whose file names the emulator's own. */
    emulator?: EmulatorConfig;
    /** Whether the stack also runs the demo service behind the app {@link DEMO_APP}; only in the stack `local`. */
    demo: boolean;
}

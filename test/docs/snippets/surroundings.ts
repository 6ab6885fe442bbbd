import type * as ConsulPackage from "@pulumi/consul";
import type { Container } from "@pulumi/docker/container.js";
import type { Network } from "@pulumi/docker/network.js";
import type { Provider } from "@pulumi/kubernetes/provider.js";
import type * as PulumiPackage from "@pulumi/pulumi";
import type CloudflareClient from "cloudflare";
import type * as library from "../../../components/index.ts";
import type * as edges from "../../../emulator/edge/index.ts";
import type * as emulators from "../../../emulator/index.ts";

/**
 * What examples speak of without making it, by the names that they all give it. An example that needs something else makes it, or says it in
 * words.
 */
declare global {
    // Packages that a program imports.
    const pulumi: typeof PulumiPackage;
    const consul: typeof ConsulPackage;
    const Cloudflare: typeof CloudflareClient;

    // What a stack has.
    const accountId: string;
    const zoneId: string;
    const team: string;
    const config: PulumiPackage.Config;

    // Parts that the page around an example has shown, or that any program has.
    const tunnel: library.NamedTunnel;
    const tunnelId: PulumiPackage.Output<string>;
    const ingress: library.TunnelIngress;
    const proxyArgs: library.TraefikContainerArgs;
    const routes: library.IngressRoute[] & library.ProxyRoute[];
    const network: Network;
    const networkIds: PulumiPackage.Output<string>[];
    const edge: Network;
    const backend: Network;
    const program: Container;
    const app: Container & library.ZeroTrustApp;
    const grafana: library.ZeroTrustApp;
    const ordersDb: library.TcpApp;
    const staff: library.AccessAudience;
    const operators: library.AccessAudience;
    const workspace: library.IdentityProvider;
    const clientId: string;
    const disk: library.DevicePosture;
    const token: library.ServiceToken;
    const ci: library.ServiceToken;
    const ca: library.MkcertCA;
    const leaf: library.MkcertCertificate;
    const caPem: string;
    const kubernetes: Provider;
    const services: library.LabelledService[];
    const federation: library.Federation;
    const nodes: library.ConsulNode[];
    const mesh: library.ConsulMesh;
    const trustBundlesOfB: Record<string, string>;
    const agreed: string;

    // The emulator's parts.
    const emulator: emulators.CloudflareEmulator;
    const directory: emulators.TunnelDirectory & emulators.AccessDirectory;
    const tunnelEdge: edges.TunnelEdge;
    const certificateAuthority: edges.CertificateAuthority;
    const gate: edges.AccessGate;
    const stateDir: string;
    const options: edges.PublicEdgeOptions;
}

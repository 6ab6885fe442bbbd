import type { Described } from "./judge.ts";

/** One situation and what a rule has to say about it. */
export interface Case {
    readonly what: string;
    readonly resources: readonly Described[];
    /** Settings of the rule, beside its defaults. */
    readonly config?: Readonly<Record<string, unknown>>;
    /** The messages, in full and in order; none where the rule has nothing to say. */
    readonly messages?: readonly string[];
}

/** What the rules of one promise are tried on. The first violating case is tried with waivers as well. */
export interface CaseGroup {
    readonly topic: string;
    /** The rules that share the promise, one for each type of resource. */
    readonly rules: readonly string[];
    readonly violating: readonly Case[];
    readonly compliant: readonly Case[];
    /** Previews that do not know everything: with messages where what is known suffices. */
    readonly unknown: readonly Case[];
}

/** Describes a resource; the rest of the case's line is its properties. */
export function resource(type: string, name: string, props: Described["props"], more?: Partial<Described>): Described {
    return { type, name, props, ...more };
}

export const docker = {
    container: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("docker:index/container:Container", name, props, more),
    service: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("docker:index/service:Service", name, props, more),
    image: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("docker:index/remoteImage:RemoteImage", name, props, more),
    config: (name: string, props: Described["props"]) =>
        resource("docker:index/serviceConfig:ServiceConfig", name, props),
    network: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("docker:index/network:Network", name, props, more),
};

export const cloudflare = {
    application: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication", name, props, more),
    group: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup", name, props),
    policy: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy", name, props, more),
    organization: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustOrganization:ZeroTrustOrganization", name, props),
    identityProvider: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider", name, props),
    clientCertificateAuthority: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustAccessMtlsCertificate:ZeroTrustAccessMtlsCertificate", name, props),
    infrastructureTarget: (name: string, props: Described["props"]) =>
        resource(
            "cloudflare:index/zeroTrustAccessInfrastructureTarget:ZeroTrustAccessInfrastructureTarget",
            name,
            props,
        ),
    gatewayList: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustList:ZeroTrustList", name, props),
    record: (name: string, props: Described["props"], more?: Partial<Described>) =>
        resource("cloudflare:index/dnsRecord:DnsRecord", name, props, more),
    serviceToken: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken", name, props),
    sshCertificates: (name: string, application: string) =>
        resource(
            "cloudflare:index/zeroTrustAccessShortLivedCertificate:ZeroTrustAccessShortLivedCertificate",
            name,
            {},
            { from: { appId: [application] } },
        ),
    route: (name: string, props: Described["props"], virtualNetwork?: string) =>
        resource(
            "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute",
            name,
            props,
            virtualNetwork === undefined ? undefined : { from: { virtualNetworkId: [virtualNetwork] } },
        ),
    hostnameRoute: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute", name, props),
    virtualNetwork: (name: string) =>
        resource(
            "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork",
            name,
            {},
        ),
    gatewayPolicy: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy", name, props),
    tunnel: (name: string, props: Described["props"]) =>
        resource("cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared", name, props),
    ingress: (name: string, ingresses: unknown, originRequest?: unknown) =>
        resource("cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig", name, {
            config: { ingresses, ...(originRequest !== undefined && { originRequest }) },
        }),
};

/** The container spec of a service, where environment, arguments and mounts stand. */
export function containerSpec(spec: Readonly<Record<string, unknown>>): Described["props"] {
    return { taskSpec: { containerSpec: { image: "demo:1", ...spec } } };
}

/** An `originRequest` as the components write it. */
export const guarded = { access: { required: true, teamName: "example", audTags: ["aud-1"] } };

/** The rule that ends every ingress document. */
export const catchAll = { service: "http_status:404" };

export const tunnelName = "6ff42ae2-765d-4adf-8112-31c55c1551ef.cfargotunnel.com";

/** Version of {@link ClusterCatalogue}: a reader refuses any other. Grows when an older reader would misunderstand the document. */
export const CLUSTER_CATALOGUE_VERSION = 1;

/** How the local end of a cluster's tunnel is spoken to. */
export const ClusterTunnelMode = {
    /** As a SOCKS5 proxy, which is what `proxy-url: socks5://…` in a kubeconfig expects. */
    Socks: "socks",
} as const;
export type ClusterTunnelMode = (typeof ClusterTunnelMode)[keyof typeof ClusterTunnelMode];

/** Who tells the API server by OpenID Connect who a person is, and so what `kubectl` logs in with. */
export interface ClusterOidc {
    /** Issuer's URL, as the API server's `--oidc-issuer-url` has it. */
    issuer: string;
    /** Client that the tokens are made out to (`--oidc-client-id`). Public: it has no secret. */
    clientId: string;
}

/** How people prove to the cluster itself who they are, once Access has let them through. */
export interface ClusterAuthentication {
    /** By tokens of an OpenID provider. By whatever the person's own kubeconfig holds if omitted. */
    oidc?: ClusterOidc;
}

/** What a person's tool must know of one cluster to reach it. Holds no secret and opens nothing: Access asks everybody. */
export interface CatalogueCluster {
    /** Name that people type, unique in its catalogue. */
    name: string;
    /** Public host name of the Access application, which `cloudflared access tcp --hostname` takes. */
    hostname: string;
    /** Audience tag of the Access application. */
    aud: string;
    /** Access team: the first label of `<team>.cloudflareaccess.com`. */
    team: string;
    /** URL of the API server as it is reached from inside, `https://…`: what `server` in a kubeconfig says, and what its certificate is for. */
    server: string;
    /** Authorities of the API server's certificate: PEM in base64, as `certificate-authority-data` in a kubeconfig has it. */
    certificateAuthorityData: string;
    /** How the local end of the tunnel is spoken to: one of {@link ClusterTunnelMode}, whose single member other languages have no type for. */
    mode: string;
    /** Names of the audiences that may pass Access. */
    audience: string[];
    /** Ids of the Access policies that decide it, in their order. */
    policyIds: string[];
    /** What the cluster is found by beside its name (`region: eu-west-1`). */
    tags: Record<string, string>;
    /** How people prove to the cluster itself who they are. */
    kubernetesAuth: ClusterAuthentication;
}

/** The clusters of one environment: the stack output `clusters`, which `sallyport kube` reads. */
export interface ClusterCatalogue {
    version: typeof CLUSTER_CATALOGUE_VERSION;
    clusters: CatalogueCluster[];
}

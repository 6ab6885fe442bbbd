import * as pulumi from "@pulumi/pulumi";
import { guardingApplication } from "../access/guardingApplication.ts";
import type { HostFile } from "../internal/hostFile.ts";
import type { TunnelEdge } from "../tunnel/connectorEnvironment.ts";
import { TunnelManagement } from "../tunnel/management.ts";
import { NamedTunnel } from "../tunnel/namedTunnel.ts";
import { TunnelIngress } from "../tunnel/tunnelIngress.ts";
import { parseApiServer, type RotationSchedule } from "../validation/index.ts";
import {
    authenticationConfiguration,
    type ClusterOidcProvider,
    completeOidc,
    oidcFlags,
    publicOidc,
} from "./authentication.ts";
import { type CatalogueCluster, ClusterTunnelMode } from "./catalogue.ts";
import type { ClusterConnector } from "./clusterConnector.ts";
import { checkClusterArgs } from "./clusterValidation.ts";
import { type ClusterGrant, grantBindings } from "./grants.ts";
import { placeConnectors } from "./placement.ts";

export interface ClusterAccessArgs {
    /** Account that owns tunnel and application: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Zone of the host name: 32 hexadecimal digits. */
    zoneId: pulumi.Input<string>;
    /** Access team: the first label of `<team>.cloudflareaccess.com`. */
    team: pulumi.Input<string>;
    /** Name that people type. The component's name if omitted. */
    clusterName?: string;
    /** Public host name, for `cloudflared access` alone: a browser gets nothing there. No wildcard. */
    hostname: string;
    /** URL of the API server as the connectors reach it and as its certificate has it: `https://10.0.0.5:6443`, `https://kubernetes.default.svc`. */
    server: string;
    /** Addresses or ranges behind that name, which the connectors may reach. The address in `server` if omitted; required where it has a name. */
    apiServerRanges?: string[];
    /** Authorities of the API server's certificate, in PEM; not secret. */
    caPem: pulumi.Input<string>;
    /** Reusable Access policies, in order of precedence; {@link AccessAudience} makes them. At least one. */
    policyIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Names of those audiences, for the catalogue. At least one. */
    audience: string[];
    /** How long a login lasts before Access asks again, in Go's form, at most `730h`. Eight hours (`8h`) if omitted. */
    sessionDuration?: pulumi.Input<string>;
    /** Name of the Access application in the dashboard. The component's name if omitted. */
    applicationName?: pulumi.Input<string>;
    /** Name of the tunnel in the dashboard. The component's name if omitted. */
    tunnelName?: pulumi.Input<string>;
    /** Where the connectors take their one rule from. Cloudflare if omitted. */
    management?: TunnelManagement;
    /** When the tunnel's secret is replaced. Never by itself if omitted. */
    rotation?: RotationSchedule;
    /** The OpenID provider that the API server believes. People keep the credentials that they have if omitted. */
    oidc?: ClusterOidcProvider;
    /** What people may do in the cluster. Nothing that they could not do before if omitted. */
    grants?: ClusterGrant[];
    /** What the cluster is found by beside its name. Nothing if omitted. */
    tags?: Record<string, string>;
    /** The connectors. Two in the cluster, as a Deployment, if omitted. */
    connector?: ClusterConnector;
    /** An edge other than Cloudflare's. Cloudflare's if omitted. Only in the cluster. */
    edge?: TunnelEdge;
}

/**
 * A Kubernetes cluster whose API server nobody reaches from outside, and the way in for those who may: a tunnel of its own, an Access application of its
 * own, and connectors in the cluster or beside it, which dial out.
 *
 * A person's `kubectl` speaks SOCKS5 to `cloudflared access` on their laptop, which asks Access; `sallyport kube connect` sees to both. The connectors
 * lead whatever comes to the one API server and nowhere else. Access stands before Kubernetes' own authentication and does not replace it: `oidc` and
 * `grants` say it for the same groups.
 *
 * @example
 * const eu = new ClusterAccess("payments-eu", {
 *     accountId,
 *     zoneId,
 *     team: "example",
 *     hostname: "payments-eu.example.com",
 *     server: "https://kubernetes.default.svc",
 *     apiServerRanges: ["10.96.0.1", "10.0.0.5"],
 *     caPem,
 *     policyIds: operators.policyIds,
 *     audience: ["operators"],
 *     oidc: { issuer: "https://accounts.google.com", clientId },
 *     grants: [{ groups: ["operators@example.com"], clusterRole: "view" }],
 * }, { providers: { kubernetes } });
 * export const clusters = { version: 1, clusters: [eu.catalogueEntry] };
 */
export class ClusterAccess extends pulumi.ComponentResource {
    /** What `sallyport kube` reads, for the stack output `clusters`. */
    public readonly catalogueEntry: pulumi.Output<CatalogueCluster>;
    /** UUID of the tunnel. */
    public readonly tunnelId: pulumi.Output<string>;
    /** Name of the tunnel in the dashboard. */
    public readonly tunnelName: pulumi.Output<string>;
    /** Audience tag of the Access application. */
    public readonly audience: pulumi.Output<string>;
    /** Manifests in YAML for whoever applies them: of connectors and grants, or of grants alone where the connectors run on a machine. Empty for a Deployment. */
    public readonly manifests: pulumi.Output<string>;
    /** Secret: the manifest of the connectors' Secret, to be sealed or applied by hand. Empty but for manifests. */
    public readonly secretManifest: pulumi.Output<string>;
    /** Files of the connector on a machine; empty otherwise. */
    public readonly files: pulumi.Output<HostFile[]>;
    /** Secret: its credentials; empty otherwise. */
    public readonly secretFiles: pulumi.Output<HostFile[]>;
    /** Arguments of kube-apiserver for the OpenID provider; empty without one. */
    public readonly oidcFlags: pulumi.Output<string[]>;
    /** The same as a file for `--authentication-config`; empty without a provider. */
    public readonly authenticationConfiguration: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the cluster where `clusterName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ClusterAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        checkClusterArgs(name, args);
        super("sallyport:index:ClusterAccess", name, args, opts);

        const { accountId, zoneId, team, hostname, server, audience, tags = {}, management } = args;
        const sessionDuration = args.sessionDuration ?? "8h";
        const application = guardingApplication(
            name,
            { accountId, policyIds: args.policyIds, sessionDuration, applicationName: args.applicationName },
            { component: "ClusterAccess", domain: hostname, type: "self_hosted" },
            this,
        );
        const tunnel = new NamedTunnel(
            `${name}-tunnel`,
            { accountId, tunnelName: args.tunnelName ?? name, management, rotation: args.rotation },
            { parent: this },
        );
        const { tunnelId } = tunnel;
        const { host, port } = parseApiServer(server);
        const route = { hostname, service: `tcp://${host}:${port}`, audience: application.aud };
        const ingress = new TunnelIngress(
            `${name}-ingress`,
            { accountId, zoneId, team, management, tunnelId, routes: [{ ...route, originRequest: { socks: true } }] },
            { parent: this },
        );
        const oidc = args.oidc === undefined ? undefined : completeOidc(args.oidc);
        const clusterName = args.clusterName ?? name;
        const placed = placeConnectors(name, args, this, {
            clusterName,
            tunnelId,
            credentials: tunnel.credentials,
            configFile: management === TunnelManagement.Local ? ingress.configFile : undefined,
            bindings: grantBindings(clusterName, args.grants ?? [], oidc?.prefix ?? ""),
        });

        this.catalogueEntry = pulumi
            .all([application.aud, team, args.caPem, args.policyIds])
            .apply(([aud, ofTeam, caPem, policyIds]) => ({
                name: clusterName,
                hostname,
                aud,
                team: ofTeam,
                server,
                certificateAuthorityData: Buffer.from(caPem).toString("base64"),
                mode: ClusterTunnelMode.Socks,
                audience,
                policyIds,
                tags,
                kubernetesAuth: args.oidc === undefined ? {} : { oidc: publicOidc(args.oidc) },
            }));
        this.tunnelId = tunnelId;
        this.tunnelName = tunnel.tunnelName;
        this.audience = application.aud;
        this.manifests = placed.manifests;
        this.secretManifest = placed.secretManifest;
        this.files = placed.files;
        this.secretFiles = placed.secretFiles;
        this.oidcFlags = pulumi.output(oidc === undefined ? [] : oidcFlags(oidc));
        this.authenticationConfiguration = pulumi.output(oidc === undefined ? "" : authenticationConfiguration(oidc));
        this.registerOutputs({
            catalogueEntry: this.catalogueEntry,
            tunnelId: this.tunnelId,
            tunnelName: this.tunnelName,
            audience: this.audience,
            manifests: this.manifests,
            secretManifest: this.secretManifest,
            files: this.files,
            secretFiles: this.secretFiles,
            oidcFlags: this.oidcFlags,
            authenticationConfiguration: this.authenticationConfiguration,
        });
    }
}

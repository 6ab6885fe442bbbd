import * as cloudflare from "@pulumi/cloudflare";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const accountId = "0123456789abcdef0123456789abcdef";
const zoneId = "fedcba9876543210fedcba9876543210";
const labels = [{ label: "sallyport.stack", value: "staging" }];

const cf = new cloudflare.Provider("cloudflare", {});
const swarm = new docker.Provider("docker", {});

function network(name: string, internal: boolean): docker.Network {
    return new docker.Network(
        `${name}-network`,
        { name: `staging-${name}`, driver: "overlay", internal, attachable: false, labels },
        { provider: swarm },
    );
}

const edge = network("edge", false);
const grafanaNetwork = network("grafana", true);
const registryNetwork = network("registry", true);
const ordersNetwork = network("orders-db", true);

const ci = new cloudflare.ZeroTrustAccessServiceToken(
    "ci",
    { accountId, name: "staging-ci", duration: "8760h" },
    { provider: cf },
);
const staff = new cloudflare.ZeroTrustAccessPolicy(
    "staff",
    {
        accountId,
        name: "staging-staff",
        decision: "allow",
        includes: [{ emailDomain: { domain: "example.com" } }],
        sessionDuration: "24h",
    },
    { provider: cf },
);
const oncall = new cloudflare.ZeroTrustAccessPolicy(
    "oncall",
    {
        accountId,
        name: "staging-oncall",
        decision: "allow",
        includes: [{ email: { email: "ada@example.com" } }, { email: { email: "grace@example.com" } }],
        sessionDuration: "8h",
    },
    { provider: cf },
);
const robots = new cloudflare.ZeroTrustAccessPolicy(
    "robots",
    {
        accountId,
        name: "staging-robots",
        decision: "non_identity",
        includes: [{ serviceToken: { tokenId: ci.id } }],
        sessionDuration: "24h",
    },
    { provider: cf },
);

const password = new random.RandomPassword("tunnel-secret", { length: 64, special: false });
const secret = pulumi.secret(password.result).apply((text) => Buffer.from(text).toString("base64"));
const tunnel = new cloudflare.ZeroTrustTunnelCloudflared(
    "tunnel",
    { accountId, name: "sallyport-staging", configSrc: "cloudflare", tunnelSecret: secret },
    { provider: cf },
);

function application(name: string, policies: cloudflare.ZeroTrustAccessPolicy[]) {
    return new cloudflare.ZeroTrustAccessApplication(
        name,
        {
            accountId,
            name: `staging-${name}`,
            type: "self_hosted",
            domain: `${name}-staging.example.com`,
            policies: policies.map(({ id }, index) => ({ id, precedence: index + 1 })),
            sessionDuration: "24h",
            appLauncherVisible: true,
            autoRedirectToIdentity: false,
            enableBindingCookie: false,
            httpOnlyCookieAttribute: true,
            optionsPreflightBypass: false,
            sameSiteCookieAttribute: "lax",
            serviceAuth401Redirect: true,
        },
        { provider: cf },
    );
}

const grafana = application("grafana", [staff, robots]);
const registry = application("registry", [oncall, robots]);
const ordersDb = application("orders-db", [staff]);

const caKey = new tls.PrivateKey("ca-key", { algorithm: "RSA", rsaBits: 3072 });
const ca = new tls.SelfSignedCert("ca", {
    privateKeyPem: caKey.privateKeyPem,
    allowedUses: ["cert_signing"],
    isCaCertificate: true,
    maxPathLength: 0,
    setSubjectKeyId: true,
    validityPeriodHours: 87648,
    subject: { commonName: "staging", organization: "example" },
});
const leafKey = new tls.PrivateKey("leaf-key", { algorithm: "RSA", rsaBits: 2048 });
const request = new tls.CertRequest("leaf-request", {
    privateKeyPem: leafKey.privateKeyPem,
    dnsNames: ["traefik"],
    subject: { organization: "example" },
});
const leaf = new tls.LocallySignedCert("leaf", {
    certRequestPem: request.certRequestPem,
    caPrivateKeyPem: caKey.privateKeyPem,
    caCertPem: ca.certPem,
    allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
    validityPeriodHours: 19704,
    earlyRenewalHours: 720,
});

const caPool = "/etc/sallyport/origin-ca.pem";
const routes = [
    { app: grafana, hostname: "grafana-staging.example.com", service: "https://traefik:8443", caPool },
    { app: ordersDb, hostname: "orders-db-staging.example.com", service: "tcp://postgres:5432", caPool: undefined },
    { app: registry, hostname: "registry-staging.example.com", service: "https://traefik:8443", caPool },
];
const config = new cloudflare.ZeroTrustTunnelCloudflaredConfig(
    "config",
    {
        accountId,
        tunnelId: tunnel.id,
        config: {
            ingresses: [
                ...routes.map(({ app, hostname, service, caPool: pool }) => ({
                    hostname,
                    service,
                    originRequest: {
                        access: { required: true, teamName: "example", audTags: [app.aud] },
                        caPool: pool,
                    },
                })),
                { service: "http_status:404" },
            ],
        },
    },
    { provider: cf },
);
for (const { app, hostname } of routes) {
    new cloudflare.DnsRecord(
        hostname,
        {
            zoneId,
            name: hostname,
            type: "CNAME",
            content: pulumi.interpolate`${tunnel.id}.cfargotunnel.com`,
            proxied: true,
            ttl: 1,
            comment: pulumi.interpolate`Guarded by Access, aud ${app.aud}`,
        },
        { provider: cf, dependsOn: [config] },
    );
}

const base64 = (text: pulumi.Input<string>) =>
    pulumi.output(text).apply((value) => Buffer.from(value).toString("base64"));
const staticConfig = new docker.ServiceConfig(
    "traefik-static",
    { data: base64("entryPoints: { websecure: { address: ':8443' } }\n"), labels },
    { provider: swarm },
);
const dynamicConfig = new docker.ServiceConfig(
    "traefik-dynamic",
    { data: base64("http: { routers: {}, services: {} }\n"), labels },
    { provider: swarm },
);
const certificate = new docker.ServiceConfig(
    "traefik-certificate",
    { data: base64(pulumi.interpolate`${leaf.certPem}${ca.certPem}`), labels },
    { provider: swarm },
);
const key = new docker.Secret("traefik-key", { data: base64(leafKey.privateKeyPem), labels }, { provider: swarm });

function service(
    name: string,
    containerSpec: docker.types.input.ServiceTaskSpecContainerSpec,
    networks: docker.Network[],
) {
    return new docker.Service(
        name,
        {
            labels,
            taskSpec: {
                containerSpec: { user: "65532:65532", readOnly: true, capDrops: ["ALL"], ...containerSpec },
                networksAdvanceds: networks.map(({ id }) => ({ id })),
                restartPolicy: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" },
            },
            mode: { replicated: { replicas: 2 } },
            endpointSpec: { mode: "dnsrr" },
            updateConfig: { order: "start-first", parallelism: 1, failureAction: "rollback" },
        },
        { provider: swarm, dependsOn: [config] },
    );
}

const mount = (file: docker.ServiceConfig, fileName: string) => ({
    configId: file.id,
    configName: file.name,
    fileName,
});
service(
    "traefik",
    {
        image: "traefik:v3.6.15",
        args: ["--configFile=/etc/traefik/traefik.yml"],
        configs: [
            mount(staticConfig, "/etc/traefik/traefik.yml"),
            mount(dynamicConfig, "/etc/traefik/dynamic/routes.yml"),
            mount(certificate, "/etc/traefik/tls/certificate.pem"),
        ],
        secrets: [{ secretId: key.id, secretName: key.name, fileName: "/run/secrets/key.pem" }],
    },
    [edge, grafanaNetwork, registryNetwork],
);

const credentials = new docker.Secret(
    "connector-credentials",
    {
        data: base64(
            pulumi
                .all([tunnel.id, secret])
                .apply(([TunnelID, TunnelSecret]) => JSON.stringify({ AccountTag: accountId, TunnelID, TunnelSecret })),
        ),
        labels,
    },
    { provider: swarm },
);
const originCa = new docker.ServiceConfig(
    "connector-origin-ca",
    { data: base64(ca.certPem), labels },
    { provider: swarm },
);
service(
    "connector",
    {
        image: "cloudflare/cloudflared:2025.2.0",
        args: ["tunnel", "run", "--credentials-file", "/run/secrets/credentials.json", tunnel.id],
        configs: [mount(originCa, caPool)],
        secrets: [
            { secretId: credentials.id, secretName: credentials.name, fileName: "/run/secrets/credentials.json" },
        ],
    },
    [edge, ordersNetwork],
);

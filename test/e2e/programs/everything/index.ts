/**
 * Every component in one stack. `CHANGED=1` gives each argument that changes in place its second value, `REPLACED=1` each for which an object is
 * made anew. Without `EVERYTHING_IMAGES`, two names of one image, nothing is declared in Docker.
 */
import { Provider } from "@pulumi/cloudflare/provider.js";
import { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import { MkcertCA, MkcertCertificate } from "../../../../components/index.ts";
import { declareIdentity } from "../identity/declare.ts";
import { declareNetworks } from "../networks/declare.ts";
import { declareClusters } from "./clusters.ts";
import { declareDocker } from "./docker.ts";
import { declareFields } from "./fields.ts";
import { declareInterconnect } from "./interconnect.ts";

const {
    EVERYTHING_ACCOUNT: accountId = "",
    EVERYTHING_ZONE: zoneId = "",
    EVERYTHING_SECRET: clientSecret = "",
    EVERYTHING_IMAGES: images = "",
    EVERYTHING_LABEL: label = "",
    EVERYTHING_NETWORK: shopNetworkId = "",
} = process.env;
const [changed, replaced] = [process.env.CHANGED === "1", process.env.REPLACED === "1"];
const settings = { accountId, zoneId, changed, replaced, opts: { providers: [new Provider("cloudflare", {})] } };

const { api, ...identity } = declareIdentity({
    ...settings,
    clientSecret,
    // By itself the program of identity leaves these to whoever set them by hand.
    organization: {
        organizationName: changed ? "Example 2" : "Example 1",
        autoRedirectToIdentity: changed,
        readOnlyDashboard: changed,
        ...(changed ? { readOnlyReason: "It is changed in its stack" } : {}),
        seatExpiration: changed ? "1460h" : "730h",
        allowAuthenticateViaWarp: changed,
        warpSessionDuration: changed ? "12h" : "24h",
    },
});
const { localTunnel, ...networks } = declareNetworks(settings, [
    { hostname: "api.example.com", service: "https://api:8443", audience: api.audience },
]);
const hosts = declareFields(settings, networks.policyIds, localTunnel);

const interconnect = declareInterconnect(settings);
export const clusterCredentials = declareClusters(settings);

const version = changed ? "2" : "1";
const ca = new MkcertCA("ca", {
    commonName: `Example ${replaced ? 2 : 1}`,
    organization: replaced ? "Example Ltd" : "Example",
    organizationalUnit: replaced ? "Security" : "Platform",
    algorithm: replaced ? "ECDSA" : "RSA",
});
const issued = { caCertPem: ca.certPem, caPrivateKeyPem: ca.privateKeyPem };
const leaf = new MkcertCertificate("leaf", {
    ...issued,
    dnsNames: [`api-${version}`],
    ipAddresses: [`10.0.0.${version}`],
    uris: [`spiffe://example.com/${version}`],
    emailAddresses: [`ada-${version}@example.com`],
    clientAuth: changed,
    organizationalUnit: `Platform ${version}`,
    algorithm: replaced ? "ECDSA" : "RSA",
    earlyRenewalHours: changed ? 480 : 720,
    keyVersion: changed ? 2 : 1,
});

if (images !== "") {
    const rotation = { since: "2026-01-01", every: changed ? "8760h" : "4380h" };
    const other = new MkcertCertificate("other-leaf", { ...issued, dnsNames: ["proxy"], rotation });
    const [first = "", second = ""] = images.split(" ");
    declareDocker({
        ...settings,
        shopNetworkId,
        policyIds: networks.policyIds,
        images: [first, second],
        labels: { "sallyport.stack": label },
        tunnel: localTunnel,
        certificates: [
            { certPem: leaf.chainPem, keyPem: leaf.privateKeyPem },
            { certPem: other.chainPem, keyPem: other.privateKeyPem },
        ],
        token: clientSecret,
        opts: { providers: [new DockerProvider("docker", {}), ...settings.opts.providers] },
    });
}

// One by one: an object of which a part is secret is secret as a whole.
export const { callbackUrl, scimBaseUrl, scimSecret, ciSecret } = identity;
export const { siteKeys, directoryKey, siteSecret, meshKeys, consulToken, consulKeys } = interconnect;
export const { configFile, clientSecret: deployerSecret, credentials, sshCaPublicKey } = networks;
export const hostCredentials = hosts.map((host) =>
    host.secretFiles.apply((files) => files.map(({ content }) => content)),
);
export const caKey = ca.privateKeyPem;
export const leafKey = leaf.privateKeyPem;

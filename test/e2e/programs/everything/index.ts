/**
 * Every component that needs no Docker engine, in one stack. `CHANGED=1` changes each field that changes in place, `REPLACED=1` what an object
 * is made anew for.
 */
import { Provider } from "@pulumi/cloudflare/provider.js";
import { HostTunnelConnector, MkcertCA, MkcertCertificate } from "../../../../components/index.ts";
import { declareIdentity } from "../identity/declare.ts";
import { declareNetworks } from "../networks/declare.ts";

const {
    EVERYTHING_ACCOUNT: accountId = "",
    EVERYTHING_ZONE: zoneId = "",
    EVERYTHING_SECRET: clientSecret = "",
} = process.env;
const settings = {
    accountId,
    zoneId,
    changed: process.env.CHANGED === "1",
    replaced: process.env.REPLACED === "1",
    opts: { providers: [new Provider("cloudflare", {})] },
};

const { api, ...identity } = declareIdentity({ ...settings, clientSecret });
const { localTunnel, ...networks } = declareNetworks(settings, [
    { hostname: "api.example.com", service: "https://api:8443", audience: api.audience },
]);

const ca = new MkcertCA("ca", {});
const leaf = new MkcertCertificate("leaf", {
    caCertPem: ca.certPem,
    caPrivateKeyPem: ca.privateKeyPem,
    dnsNames: [settings.changed ? "api.internal" : "api"],
});
const host = new HostTunnelConnector("host", { ...localTunnel, origins: [settings.changed ? "10.0.0.6" : "10.0.0.5"] });

// One by one: an object of which a part is secret is secret as a whole.
export const { callbackUrl, scimBaseUrl, scimSecret, ciSecret } = identity;
export const { configFile, clientSecret: deployerSecret, credentials, sshCaPublicKey } = networks;
export const hostCredentials = host.secretFiles.apply((files) => files.map(({ content }) => content));
export const caKey = ca.privateKeyPem;
export const leafKey = leaf.privateKeyPem;

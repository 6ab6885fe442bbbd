import * as pulumi from "@pulumi/pulumi";

/** A resource of any package, as its own class would declare it. */
class Anything extends pulumi.CustomResource {}

// What nobody knows before the update.
const { id } = new Anything("corpus:index:Seed", "seed", {});
const zeroTrust = (type: string, name: string, props: pulumi.Inputs) =>
    new Anything(`cloudflare:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`, name, props);

const staff = { decision: "allow", includes: [{ emailDomain: { domain: "example.com" } }] };
zeroTrust("ZeroTrustAccessPolicy", "staff", { ...staff, name: id, sessionDuration: "168h" });
zeroTrust("ZeroTrustAccessPolicy", "waived", { ...staff, name: "waived", sessionDuration: "168h" });
zeroTrust("ZeroTrustAccessIdentityProvider", "oidc", {
    name: "oidc",
    type: "oidc",
    config: pulumi.secret({ clientId: "id", clientSecret: "not-for-everybody", issuerUrl: "https://id.example.com" }),
});
zeroTrust("ZeroTrustTunnelCloudflaredConfig", "tunnel", {
    accountId: id,
    config: {
        ingresses: [
            {
                hostname: "a.example.com",
                service: "http://a",
                originRequest: { access: { required: true, teamName: "example", audTags: [id] } },
            },
        ],
    },
});

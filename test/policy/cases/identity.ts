import { type CaseGroup, cloudflare, resource } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

type Props = Readonly<Record<string, unknown>>;

const { identityProvider: provider, clientCertificateAuthority: authority } = cloudflare;
const posture = (name: string, props: Props = {}) =>
    resource("cloudflare:index/zeroTrustDevicePostureRule:ZeroTrustDevicePostureRule", name, {
        type: "warp",
        ...props,
    });

const MOVE = "Move it to `requires`, and name addresses, domains or groups in `includes`.";
const REQUIRE = "Require it in an Access policy or group, or remove it.";
const staff = { emailDomain: { domain: "example.com" } };
const place = { geo: { countryCode: "CH" } };

export const identity: readonly CaseGroup[] = [
    {
        topic: "people without a name",
        rules: ["people-are-named-in-access-policy", "people-are-named-in-access-application"],
        violating: [
            {
                what: "a place, a way of logging in or a device that lets in by itself",
                resources: [
                    cloudflare.policy("office", { decision: "allow", includes: [staff, { ip: { ip: "10.0.0.0/8" } }] }),
                    cloudflare.policy("strong", {
                        decision: "allow",
                        includes: [{ authMethod: { authMethod: "mfa" } }, { devicePosture: { integrationUid: "p" } }],
                    }),
                    cloudflare.application("wiki", { policies: [{ decision: "allow", includes: [place] }] }),
                ],
                messages: [
                    `Access policy 'office' includes \`ip\`, which says where somebody is and not who. ${MOVE}`,
                    `Access policy 'strong' includes \`authMethod\`, which says how somebody logged in and not who. ${MOVE}`,
                    `Access policy 'strong' includes \`devicePosture\`, which says what device somebody has and not who. ${MOVE}`,
                    `Policy 1 of Access application 'wiki' includes \`geo\`, which says where somebody is and not who. ${MOVE}`,
                ],
            },
        ],
        compliant: [
            {
                what: "people and groups whom places narrow, and a place that is refused",
                resources: [
                    cloudflare.policy("staff", { decision: "allow", includes: [staff], requires: [place] }),
                    cloudflare.policy("abroad", { decision: "deny", includes: [place] }),
                    cloudflare.policy("robots", {
                        decision: "non_identity",
                        includes: [{ serviceToken: { tokenId: "t" } }],
                    }),
                    cloudflare.application("wiki", {
                        policies: [{ id: "p" }, { decision: "allow", includes: [{ group: { id: "g" } }] }],
                    }),
                ],
            },
        ],
        unknown: [
            {
                what: "a place in an application's own policy beside what is not known",
                resources: [
                    cloudflare.application("wiki", {
                        domain: UNKNOWN,
                        policies: [{ name: "office", decision: "allow", includes: [UNKNOWN, place] }],
                    }),
                ],
                messages: [
                    `Policy "office" of Access application 'wiki' includes \`geo\`, which says where somebody is and not who. ${MOVE}`,
                ],
            },
            {
                what: "which network it is need not be known",
                resources: [
                    cloudflare.policy("office", { decision: "allow", includes: [UNKNOWN, { ip: { ip: UNKNOWN } }] }),
                    cloudflare.application("wiki", { policies: UNKNOWN }),
                ],
                messages: [`Access policy 'office' includes \`ip\`, which says where somebody is and not who. ${MOVE}`],
            },
            {
                what: "a decision or rules that are not known",
                resources: [
                    cloudflare.policy("office", { decision: UNKNOWN, includes: [place] }),
                    cloudflare.policy("staff", { decision: "allow", includes: UNKNOWN }),
                ],
            },
        ],
    },
    {
        topic: "logins that nothing binds",
        rules: ["saml-requests-are-signed", "oidc-login-uses-pkce"],
        violating: [
            {
                what: "SAML without signed requests and OpenID Connect without PKCE, left out or off",
                resources: [
                    provider("saml", { type: "saml", config: { signRequest: false } }),
                    provider("old", { type: "saml", config: {} }),
                    provider("oidc", { type: "oidc", config: {} }),
                ],
                messages: [
                    "Identity provider 'saml' takes SAML requests without a signature. Set `config.signRequest` to true.",
                    "Identity provider 'old' takes SAML requests without a signature. Set `config.signRequest` to true.",
                    "Identity provider 'oidc' logs people in through OpenID Connect without PKCE. Set `config.pkceEnabled` to true.",
                ],
            },
        ],
        compliant: [
            {
                what: "both switched on, and kinds that have neither",
                resources: [
                    provider("saml", { type: "saml", config: { signRequest: true } }),
                    provider("oidc", { type: "oidc", config: { pkceEnabled: "true" } }),
                    provider("github", { type: "github", config: {} }),
                ],
            },
        ],
        unknown: [
            {
                what: "OpenID Connect without PKCE beside what is not known",
                resources: [provider("oidc", { type: "oidc", config: { clientSecret: UNKNOWN } })],
                messages: [
                    "Identity provider 'oidc' logs people in through OpenID Connect without PKCE. Set `config.pkceEnabled` to true.",
                ],
            },
            {
                what: "a switch, a configuration or a type that is not known",
                resources: [
                    provider("saml", { type: "saml", config: { signRequest: UNKNOWN } }),
                    provider("oidc", { type: "oidc", config: UNKNOWN }),
                    provider("some", { type: UNKNOWN, config: {} }),
                ],
            },
            {
                what: "the certificate need not be known",
                resources: [provider("saml", { type: "saml", config: { idpPublicCerts: UNKNOWN } })],
                messages: [
                    "Identity provider 'saml' takes SAML requests without a signature. Set `config.signRequest` to true.",
                ],
            },
        ],
    },
    {
        topic: "a PIN alone",
        rules: ["one-time-pin-is-not-the-only-login"],
        violating: [
            {
                what: "a one-time PIN as the only login",
                resources: [provider("pin", { type: "onetimepin", config: {} })],
                messages: [
                    "Identity provider 'pin' sends a one-time PIN, and is the only way to log in that the stack declares. Declare the identity provider of the organization beside it.",
                ],
            },
        ],
        compliant: [
            {
                what: "a PIN for guests beside another provider",
                resources: [provider("pin", { type: "onetimepin" }), provider("okta", { type: "okta" })],
            },
            { what: "a stack that leaves logins to another", resources: [cloudflare.policy("staff", {})] },
        ],
        unknown: [
            {
                what: "a provider whose type is not known",
                resources: [provider("pin", { type: "onetimepin" }), provider("some", { type: UNKNOWN })],
            },
            {
                what: "its name need not be known",
                resources: [provider("pin", { type: "onetimepin", name: UNKNOWN })],
                messages: [
                    "Identity provider 'pin' sends a one-time PIN, and is the only way to log in that the stack declares. Declare the identity provider of the organization beside it.",
                ],
            },
        ],
    },
    {
        topic: "a check that keeps nobody out",
        rules: ["posture-rule-is-required"],
        violating: [
            {
                what: "a posture rule beside policies that do not ask for it",
                resources: [
                    posture("disk", { id: "disk-id" }),
                    posture("warp", { id: "warp-id" }),
                    cloudflare.policy("staff", { requires: [{ devicePosture: { integrationUid: "warp-id" } }] }),
                    provider("okta", { name: "disk-id" }),
                ],
                messages: [`Posture rule 'disk' is required by no policy of the stack. ${REQUIRE}`],
            },
        ],
        compliant: [
            {
                what: "one that a group, a policy or Gateway asks for",
                resources: [
                    ...["one", "two", "three"].map((name) => posture(name)),
                    { ...cloudflare.group("disk", {}), from: { includes: ["one"] } },
                    { ...cloudflare.policy("staff", {}), from: { requires: ["two"] } },
                    {
                        ...resource("cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy", "db", {}),
                        from: { devicePosture: ["three"] },
                    },
                ],
            },
        ],
        unknown: [
            {
                what: "who asks is told by what it is made from",
                resources: [
                    posture("disk", { id: UNKNOWN }),
                    posture("idle", { id: UNKNOWN }),
                    { ...cloudflare.policy("staff", { requires: UNKNOWN }), from: { requires: ["disk"] } },
                ],
                messages: [`Posture rule 'idle' is required by no policy of the stack. ${REQUIRE}`],
            },
        ],
    },
    {
        topic: "an authority that nobody is asked for",
        rules: ["client-certificate-authority-has-hostnames"],
        violating: [
            {
                what: "no host name, left out or an empty list",
                resources: [authority("machines", { associatedHostnames: [] }), authority("old", {})],
                messages: ["machines", "old"].map(
                    (name) =>
                        `Client certificate authority '${name}' is associated with no host name, so the edge asks nobody for a certificate. List the host names in \`associatedHostnames\`.`,
                ),
            },
        ],
        compliant: [
            { what: "a host name", resources: [authority("machines", { associatedHostnames: ["a.example.com"] })] },
        ],
        unknown: [
            {
                what: "no host name beside a certificate that is not known",
                resources: [authority("machines", { certificate: UNKNOWN })],
                messages: [
                    "Client certificate authority 'machines' is associated with no host name, so the edge asks nobody for a certificate. List the host names in `associatedHostnames`.",
                ],
            },
            {
                what: "host names that are not known, one or all",
                resources: [
                    authority("machines", { associatedHostnames: [UNKNOWN] }),
                    authority("old", { associatedHostnames: UNKNOWN, certificate: UNKNOWN }),
                ],
            },
        ],
    },
];

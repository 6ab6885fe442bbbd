import { type CaseGroup, cloudflare } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const NAME_SOMEBODY = "List groups, e-mail domains, addresses or service tokens in `includes`, or remove the policy.";
const ID = "List the ids of its providers in `allowedIdps`.";
const anyProvider = (name: string) =>
    `Access application '${name}' for "${name}.example.com" takes a login at any identity provider of the account. ${ID}`;

const staff = { includes: [{ emailDomain: { domain: "example.com" } }] };
const google = cloudflare.identityProvider("google", { type: "google" });
const okta = cloudflare.identityProvider("okta", { type: "okta" });
const guarded = (name: string, policies: readonly string[], props: Readonly<Record<string, unknown>> = {}) =>
    cloudflare.application(
        name,
        {
            domain: `${name}.example.com`,
            type: "self_hosted",
            policies: policies.map(() => ({ id: UNKNOWN })),
            ...props,
        },
        { from: { policies } },
    );
const byMail = cloudflare.policy("by-mail", { decision: "allow", ...staff });

/** How long a login lasts, whom it is for, and where it comes from. */
export const sessions: readonly CaseGroup[] = [
    {
        topic: "the length of a session",
        rules: ["access-session-is-short-enough"],
        violating: [
            {
                what: "sessions of more than a day",
                resources: [
                    cloudflare.application("wiki", { domain: "wiki.example.com", sessionDuration: "24h1s" }),
                    cloudflare.policy("staff", { ...staff, decision: "allow", sessionDuration: "730h" }),
                    cloudflare.organization("team", { sessionDuration: "1441m" }),
                ],
                messages: [
                    `Access application 'wiki' has 'sessionDuration' "24h1s", longer than 24h. Write "24h" or less.`,
                    `Access policy 'staff' has 'sessionDuration' "730h", longer than 24h. Write "24h" or less.`,
                    `Access organization 'team' has 'sessionDuration' "1441m", longer than 24h. Write "24h" or less.`,
                ],
            },
            {
                what: "the default, where the configuration wants less",
                resources: [cloudflare.application("wiki", {}), cloudflare.organization("team", {})],
                config: { maximum: "8h" },
                messages: [
                    `Access application 'wiki' has no 'sessionDuration' and so 24h, longer than 8h. Write "8h" or less.`,
                    `Access organization 'team' has no 'sessionDuration' and so 24h, longer than 8h. Write "8h" or less.`,
                ],
            },
            {
                what: "more than a day, where the configuration cannot be read",
                resources: [cloudflare.application("wiki", { sessionDuration: "25h" })],
                config: { maximum: "one day" },
                messages: [
                    `Access application 'wiki' has 'sessionDuration' "25h", longer than 24h. Write "24h" or less.`,
                ],
            },
        ],
        compliant: [
            {
                what: "a day, less, and the default",
                resources: [
                    cloudflare.application("wiki", { sessionDuration: "24h" }),
                    cloudflare.application("docs", {}),
                    cloudflare.policy("staff", { sessionDuration: "1h30m" }),
                    cloudflare.policy("guests", {}),
                    cloudflare.organization("team", { sessionDuration: "15m" }),
                    cloudflare.organization("other", {}),
                ],
            },
            {
                what: "a policy that leaves the length to its application",
                resources: [cloudflare.policy("staff", {}), cloudflare.application("wiki", { sessionDuration: "8h" })],
                config: { maximum: "8h" },
            },
            {
                what: "what the configuration allows",
                resources: [cloudflare.application("wiki", { sessionDuration: "168h" })],
                config: { maximum: "168h" },
            },
            {
                what: "a text that is no duration, which the API refuses",
                resources: [cloudflare.application("wiki", { sessionDuration: "a week" })],
            },
        ],
        unknown: [
            {
                what: "a length beside a name that is not known, and one that is not known",
                resources: [
                    cloudflare.application("wiki", { domain: UNKNOWN, sessionDuration: "48h" }),
                    cloudflare.application("docs", { sessionDuration: UNKNOWN }),
                    cloudflare.policy("staff", { sessionDuration: UNKNOWN }),
                ],
                messages: [
                    `Access application 'wiki' has 'sessionDuration' "48h", longer than 24h. Write "24h" or less.`,
                ],
            },
        ],
    },
    {
        topic: "whom a policy is about",
        rules: ["access-policy-names-somebody"],
        violating: [
            {
                what: "lists without an entry, and none",
                resources: [
                    cloudflare.policy("nobody", { decision: "allow", includes: [] }),
                    cloudflare.policy("machines", {
                        decision: "non_identity",
                        requires: [{ geo: { countryCode: "CH" } }],
                    }),
                    cloudflare.group("empty", { includes: [] }),
                    cloudflare.application("wiki", { policies: [{ name: "old", decision: "deny", includes: [] }] }),
                ],
                messages: [
                    `Access policy 'nobody' includes nobody. ${NAME_SOMEBODY}`,
                    `Access policy 'machines' includes nobody. ${NAME_SOMEBODY}`,
                    `Access group 'empty' includes nobody. ${NAME_SOMEBODY}`,
                    `Policy "old" of Access application 'wiki' includes nobody. ${NAME_SOMEBODY}`,
                ],
            },
        ],
        compliant: [
            {
                what: "lists with an entry, and policies that stand elsewhere",
                resources: [
                    byMail,
                    cloudflare.group("staff", staff),
                    cloudflare.application("wiki", {
                        policies: [{ id: "8d2f" }, { decision: "allow", ...staff }],
                    }),
                ],
            },
        ],
        unknown: [
            {
                what: "an empty list beside one that is not known",
                resources: [
                    cloudflare.policy("nobody", { decision: UNKNOWN, includes: [], requires: UNKNOWN }),
                    cloudflare.policy("somebody", { includes: UNKNOWN }),
                    cloudflare.group("somebody", { includes: [UNKNOWN] }),
                    cloudflare.application("wiki", { policies: UNKNOWN }),
                ],
                messages: [`Access policy 'nobody' includes nobody. ${NAME_SOMEBODY}`],
            },
        ],
    },
    {
        topic: "the life of a service token",
        rules: ["service-token-has-an-end"],
        violating: [
            {
                what: "tokens for good, and for more than a year",
                resources: [
                    cloudflare.serviceToken("ci", { duration: "forever" }),
                    cloudflare.serviceToken("backup", { duration: "8761h" }),
                ],
                messages: [
                    `Service token 'ci' has the duration "forever", longer than 8760h. Write "8760h" or less, and rotate it.`,
                    `Service token 'backup' has the duration "8761h", longer than 8760h. Write "8760h" or less, and rotate it.`,
                ],
            },
            {
                what: "a year, where the configuration wants less",
                resources: [cloudflare.serviceToken("ci", { duration: "8760h" })],
                config: { maximum: "2160h" },
                messages: [
                    `Service token 'ci' has the duration "8760h", longer than 2160h. Write "2160h" or less, and rotate it.`,
                ],
            },
        ],
        compliant: [
            {
                what: "a year, less, and the provider's default",
                resources: [
                    cloudflare.serviceToken("ci", { duration: "8760h" }),
                    cloudflare.serviceToken("backup", { duration: "720h" }),
                    cloudflare.serviceToken("other", {}),
                ],
            },
        ],
        unknown: [
            {
                what: "a duration beside what is not known, and one that is not known",
                resources: [
                    cloudflare.serviceToken("ci", { name: UNKNOWN, duration: "forever" }),
                    cloudflare.serviceToken("backup", { duration: UNKNOWN }),
                ],
                messages: [
                    `Service token 'ci' has the duration "forever", longer than 8760h. Write "8760h" or less, and rotate it.`,
                ],
            },
        ],
    },
    {
        topic: "the providers of an application",
        rules: ["access-application-names-its-providers"],
        violating: [
            {
                what: "applications that take a login at any of two providers",
                resources: [
                    google,
                    okta,
                    byMail,
                    guarded("wiki", ["by-mail"]),
                    guarded("docs", ["by-mail"], { allowedIdps: [] }),
                ],
                messages: [anyProvider("wiki"), anyProvider("docs")],
            },
            {
                what: "a policy of the application's own, and one of several",
                resources: [
                    google,
                    okta,
                    byMail,
                    cloudflare.policy("by-group", { decision: "allow", includes: [{ okta: { name: "staff" } }] }),
                    guarded("wiki", ["by-group", "by-mail"]),
                    cloudflare.application("docs", {
                        domain: "docs.example.com",
                        policies: [{ decision: "allow", ...staff }],
                    }),
                ],
                messages: [anyProvider("wiki"), anyProvider("docs")],
            },
            {
                what: "a shared policy beside one of the application's own, a mixture of people, and nobody",
                resources: [
                    google,
                    okta,
                    byMail,
                    cloudflare.policy("mixed", {
                        decision: "allow",
                        includes: [{ okta: { name: "staff" } }, { email: { email: "ada@example.com" } }],
                    }),
                    cloudflare.policy("nobody", { decision: "allow", includes: [] }),
                    guarded("wiki", ["by-mail"], { policies: [{ decision: "allow", ...staff }] }),
                    guarded("docs", ["mixed"]),
                    guarded("shop", ["nobody"]),
                ],
                messages: [anyProvider("wiki"), anyProvider("docs"), anyProvider("shop")],
            },
            {
                what: "one without a provider in the stack, where the configuration asks",
                resources: [byMail, guarded("wiki", ["by-mail"])],
                config: { always: true },
                messages: [anyProvider("wiki")],
            },
        ],
        compliant: [
            {
                what: "applications and policies that name providers",
                resources: [
                    google,
                    okta,
                    cloudflare.policy("by-method", {
                        decision: "allow",
                        ...staff,
                        requires: [{ loginMethod: { id: UNKNOWN } }],
                    }),
                    cloudflare.policy("by-group", {
                        decision: "allow",
                        includes: [{ gsuite: { email: "staff@example.com" } }, { azureAd: { id: "0" } }],
                    }),
                    cloudflare.group("at-okta", { includes: [{ loginMethod: { id: UNKNOWN } }] }),
                    cloudflare.policy(
                        "by-required-group",
                        { decision: "allow", ...staff, requires: [{ group: { id: UNKNOWN } }] },
                        { from: { requires: ["at-okta"] } },
                    ),
                    byMail,
                    guarded("wiki", ["by-method", "by-group", "by-required-group"]),
                    guarded("docs", ["by-mail"], { allowedIdps: ["8d2f"] }),
                ],
            },
            {
                what: "machines, which log in nowhere, links, and policies that stand elsewhere",
                resources: [
                    google,
                    okta,
                    byMail,
                    cloudflare.policy("machines", {
                        decision: "non_identity",
                        includes: [{ serviceToken: { tokenId: "1" } }],
                    }),
                    guarded("api", ["machines"]),
                    guarded("link", ["by-mail"], { type: "bookmark" }),
                    cloudflare.application("elsewhere", {
                        domain: "elsewhere.example.com",
                        policies: [{ id: "8d2f" }],
                    }),
                ],
            },
            { what: "one provider, which leaves no choice", resources: [google, byMail, guarded("wiki", ["by-mail"])] },
        ],
        unknown: [
            {
                what: "an application beside those whose providers, type or policies are not known",
                resources: [
                    google,
                    okta,
                    byMail,
                    cloudflare.policy("unknown", { decision: "allow", ...staff, requires: UNKNOWN }),
                    cloudflare.policy("half", { decision: "allow", ...staff, requires: [UNKNOWN] }),
                    cloudflare.policy("other-group", {
                        decision: "allow",
                        ...staff,
                        requires: [{ group: { id: UNKNOWN } }],
                    }),
                    cloudflare.policy("undecided", { decision: UNKNOWN, ...staff }),
                    guarded("blog", ["undecided"]),
                    guarded("wiki", ["by-mail"]),
                    guarded("docs", ["by-mail"], { allowedIdps: UNKNOWN }),
                    guarded("link", ["by-mail"], { type: UNKNOWN }),
                    guarded("api", ["unknown", "half"]),
                    guarded("shop", ["other-group"]),
                ],
                messages: [anyProvider("wiki"), anyProvider("shop")],
            },
        ],
    },
];

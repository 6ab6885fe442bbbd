import { type CaseGroup, cloudflare } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const WHO = "Name groups, e-mail domains, addresses or service tokens.";
const BYPASS = 'Write "allow" for people, or "non_identity" with a service token for machines.';
const policies = [{ id: "policy-1", precedence: 1 }];
const POLICIES = "Write at least one in `policies`: { id: policy.id, precedence: 1 }.";

export const access: readonly CaseGroup[] = [
    {
        topic: "everyone",
        rules: ["no-everyone-in-access-policy", "no-everyone-in-access-application", "no-everyone-in-access-group"],
        violating: [
            {
                what: "everyone in a policy that lets in, whatever narrows it",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        includes: [{ emailDomain: { domain: "example.com" } }, { everyone: {} }],
                        requires: [{ geo: { countryCode: "DE" } }],
                    }),
                    cloudflare.policy("robots", { decision: "non_identity", includes: [{ everyone: {} }] }),
                    cloudflare.policy("hooks", { decision: "bypass", includes: [{ ip: { ip: "0.0.0.0/0" } }] }),
                ],
                messages: [
                    `Access policy 'staff' (decision "allow") includes everyone. ${WHO}`,
                    `Access policy 'robots' (decision "non_identity") includes everyone. ${WHO}`,
                    `Access policy 'hooks' (decision "bypass") includes 0.0.0.0/0. ${WHO}`,
                ],
            },
            {
                what: "anybody with a mailbox that anybody can open, and every service token",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        includes: [
                            { emailDomain: { domain: "Gmail.com" } },
                            { emailDomain: { domain: "example.com" } },
                        ],
                    }),
                    cloudflare.group("robots", { includes: [{ anyValidServiceToken: {} }] }),
                ],
                messages: [
                    `Access policy 'staff' (decision "allow") includes whoever opens a mailbox at gmail.com. ${WHO}`,
                    `Access group 'robots' includes every service token of the account. ${WHO}`,
                ],
            },
            {
                what: "everyone in a group or in an application's own policy",
                resources: [
                    cloudflare.group("all", { includes: [{ ip: { ip: "::/0" } }] }),
                    cloudflare.application("wiki", {
                        policies: [
                            { id: "policy-1" },
                            { name: "open", decision: "allow", includes: [{ everyone: {} }] },
                        ],
                    }),
                    cloudflare.application("docs", { policies: [{ decision: "allow", includes: [{ everyone: {} }] }] }),
                ],
                messages: [
                    `Access group 'all' includes ::/0. ${WHO}`,
                    `Policy "open" of Access application 'wiki' (decision "allow") includes everyone. ${WHO}`,
                    `Policy 1 of Access application 'docs' (decision "allow") includes everyone. ${WHO}`,
                ],
            },
        ],
        compliant: [
            {
                what: "named audiences, and everyone where they are kept out",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        includes: [{ group: { id: "group-1" } }, { ip: { ip: "198.51.100.0/24" } }],
                        excludes: [{ everyone: {} }],
                    }),
                    cloudflare.policy("nobody", { decision: "deny", includes: [{ everyone: {} }] }),
                    cloudflare.group("staff", { includes: [{ email: { email: "ada@example.com" } }] }),
                    cloudflare.application("wiki", { policies }),
                ],
            },
        ],
        unknown: [
            {
                what: "everyone in a group and in an application's own policy, beside what is not known",
                resources: [
                    cloudflare.group("all", { includes: [UNKNOWN, { everyone: {} }], name: UNKNOWN }),
                    cloudflare.application("wiki", {
                        policies: [UNKNOWN, { decision: "allow", includes: [UNKNOWN, { everyone: {} }] }],
                    }),
                ],
                messages: [
                    `Access group 'all' includes everyone. ${WHO}`,
                    `Policy 1 of Access application 'wiki' (decision "allow") includes everyone. ${WHO}`,
                ],
            },
            {
                what: "an unknown member hides no other",
                resources: [
                    cloudflare.policy("staff", {
                        decision: "allow",
                        name: UNKNOWN,
                        includes: [UNKNOWN, { group: { id: UNKNOWN } }, { ip: { ip: UNKNOWN } }, { everyone: {} }],
                    }),
                ],
                messages: [`Access policy 'staff' (decision "allow") includes everyone. ${WHO}`],
            },
            {
                what: "lists and decisions that are not known",
                resources: [
                    cloudflare.policy("staff", { decision: "allow", includes: UNKNOWN }),
                    cloudflare.policy("nobody", { decision: UNKNOWN, includes: [{ everyone: {} }] }),
                    cloudflare.group("staff", { includes: UNKNOWN }),
                    cloudflare.application("wiki", { policies: UNKNOWN }),
                    cloudflare.group("domain", { includes: [{ emailDomain: { domain: UNKNOWN } }] }),
                ],
            },
        ],
    },
    {
        topic: "bypasses",
        rules: ["no-bypass-in-access-policy", "no-bypass-in-access-application"],
        violating: [
            {
                what: "a bypass, declared by itself or within an application",
                resources: [
                    cloudflare.policy("health", { decision: "bypass", includes: [{ ip: { ip: "198.51.100.7/32" } }] }),
                    cloudflare.application("wiki", {
                        policies: [{ decision: "bypass", includes: [{ group: { id: "g" } }] }],
                    }),
                ],
                messages: [
                    `Access policy 'health' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                    `Policy 1 of Access application 'wiki' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                ],
            },
        ],
        compliant: [
            {
                what: "every other decision",
                resources: [
                    ...["allow", "deny", "non_identity"].map((decision) => cloudflare.policy(decision, { decision })),
                    cloudflare.application("wiki", { policies }),
                ],
            },
        ],
        unknown: [
            {
                what: "a bypass of an application beside a policy that is not known",
                resources: [
                    cloudflare.application("wiki", { policies: [UNKNOWN, { decision: "bypass", name: UNKNOWN }] }),
                ],
                messages: [
                    `Policy 1 of Access application 'wiki' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                ],
            },
            {
                what: "who matches need not be known",
                resources: [cloudflare.policy("health", { decision: "bypass", includes: UNKNOWN, accountId: UNKNOWN })],
                messages: [
                    `Access policy 'health' has the decision "bypass", which switches Access off for whoever matches. ${BYPASS}`,
                ],
            },
            {
                what: "a decision that is not known",
                resources: [
                    cloudflare.policy("health", { decision: UNKNOWN }),
                    cloudflare.application("wiki", { policies: [UNKNOWN] }),
                ],
            },
        ],
    },
    {
        topic: "applications' policies",
        rules: ["access-application-has-policy"],
        violating: [
            {
                what: "no policies, or none among them",
                resources: [
                    cloudflare.application("wiki", { type: "self_hosted", domain: "wiki.example.com" }),
                    cloudflare.application("ssh", { type: "ssh", domain: "ssh.example.com", policies: [] }),
                    cloudflare.application("docs", { domain: "docs.example.com" }),
                ],
                messages: [
                    `Access application 'wiki' for "wiki.example.com" has no policy. ${POLICIES}`,
                    `Access application 'ssh' for "ssh.example.com" has no policy. ${POLICIES}`,
                    `Access application 'docs' for "docs.example.com" has no policy. ${POLICIES}`,
                ],
            },
        ],
        compliant: [
            {
                what: "a policy, and applications that guard nothing",
                resources: [
                    cloudflare.application("wiki", { type: "self_hosted", domain: "wiki.example.com", policies }),
                    cloudflare.application("link", { type: "bookmark", domain: "https://example.com" }),
                ],
            },
        ],
        unknown: [
            {
                what: "an unknown domain beside no policy",
                resources: [cloudflare.application("wiki", { type: "self_hosted", domain: UNKNOWN, policies: [] })],
                messages: [`Access application 'wiki' for (not known yet) has no policy. ${POLICIES}`],
            },
            {
                what: "policies that are about to be made, a type that is not known",
                resources: [
                    cloudflare.application("wiki", { type: "self_hosted", policies: [{ id: UNKNOWN, precedence: 1 }] }),
                    cloudflare.application("docs", { type: "self_hosted", policies: UNKNOWN }),
                    cloudflare.application("link", { type: UNKNOWN }),
                ],
            },
        ],
    },
];

import { type CaseGroup, catchAll, cloudflare, guarded } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const RENEW =
    "Give it a longer `duration`, or replace it: declare another token, move its consumers over, then remove this one.";
const SIGN = "Declare a `ZeroTrustAccessShortLivedCertificate` for the application.";
const ssh = (hostname: unknown) => ({ hostname, service: "ssh://bastion:22", originRequest: guarded });

/** What machines and administrators enter with. */
export const machines: readonly CaseGroup[] = [
    {
        topic: "service tokens that have ended",
        rules: ["service-token-has-not-expired"],
        violating: [
            {
                what: "one that ended, also this moment",
                resources: [
                    cloudflare.serviceToken("old", { expiresAt: "2026-10-01T00:00:00Z" }),
                    cloudflare.serviceToken("now", { expiresAt: "2026-11-22T12:00:00Z" }),
                ],
                messages: [
                    `Service token 'old' expired on 2026-10-01. ${RENEW}`,
                    `Service token 'now' expired on 2026-11-22. ${RENEW}`,
                ],
            },
        ],
        compliant: [
            {
                what: "one that is good, and one without an end",
                resources: [
                    cloudflare.serviceToken("good", { expiresAt: "2027-11-22T12:00:00Z" }),
                    cloudflare.serviceToken("forever", { duration: "forever" }),
                ],
            },
        ],
        unknown: [
            {
                what: "one that is changed beside one that has ended",
                resources: [
                    cloudflare.serviceToken("changed", { expiresAt: UNKNOWN, duration: "8760h" }),
                    cloudflare.serviceToken("old", { expiresAt: "2026-10-01T00:00:00Z", clientSecret: UNKNOWN }),
                ],
                messages: [`Service token 'old' expired on 2026-10-01. ${RENEW}`],
            },
        ],
    },
    {
        topic: "service tokens that end soon",
        rules: ["service-token-expires-soon"],
        violating: [
            {
                what: "one within the month, to its last moment",
                resources: [
                    cloudflare.serviceToken("ci", { expiresAt: "2026-12-20T00:00:00Z" }),
                    cloudflare.serviceToken("edge", { expiresAt: "2026-12-22T12:00:00Z" }),
                ],
                messages: [
                    `Service token 'ci' ends on 2026-12-20. ${RENEW}`,
                    `Service token 'edge' ends on 2026-12-22. ${RENEW}`,
                ],
            },
            {
                what: "one within the days that the configuration names",
                resources: [cloudflare.serviceToken("ci", { expiresAt: "2027-01-20T00:00:00Z" })],
                config: { days: 90 },
                messages: [`Service token 'ci' ends on 2027-01-20. ${RENEW}`],
            },
        ],
        compliant: [
            {
                what: "one with more time, and one that has ended, which is the other rule's",
                resources: [
                    cloudflare.serviceToken("good", { expiresAt: "2027-01-20T00:00:00Z" }),
                    cloudflare.serviceToken("old", { expiresAt: "2026-10-01T00:00:00Z" }),
                    cloudflare.serviceToken("now", { expiresAt: "2026-11-22T12:00:00Z" }),
                ],
            },
        ],
        unknown: [
            {
                what: "an end that is near beside what is not known",
                resources: [
                    cloudflare.serviceToken("ci", { expiresAt: "2026-12-20T00:00:00Z", clientSecret: UNKNOWN }),
                ],
                messages: [`Service token 'ci' ends on 2026-12-20. ${RENEW}`],
            },
            { what: "an end that is not known", resources: [cloudflare.serviceToken("ci", { expiresAt: UNKNOWN })] },
        ],
    },
    {
        topic: "SSH servers",
        rules: ["ssh-has-short-lived-certificates"],
        violating: [
            {
                what: "one whose application signs nothing, beside one whose does",
                resources: [
                    cloudflare.application("bastion", { domain: "bastion.example.com" }),
                    cloudflare.application("other", { domain: "other.example.com" }),
                    cloudflare.sshCertificates("other-ca", "other"),
                    cloudflare.ingress("tunnel", [ssh("bastion.example.com"), ssh("other.example.com"), catchAll]),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "bastion.example.com" leads to an SSH server whose Access application signs no certificates. ${SIGN}`,
                ],
            },
        ],
        compliant: [
            {
                what: "one that has them, and origins that are no SSH servers",
                resources: [
                    cloudflare.application("bastion", { domain: "bastion.example.com" }),
                    cloudflare.sshCertificates("ca", "bastion"),
                    cloudflare.ingress("tunnel", [
                        ssh("bastion.example.com"),
                        { hostname: "db.example.com", service: "tcp://db:22", originRequest: guarded },
                        catchAll,
                    ]),
                ],
            },
        ],
        unknown: [
            {
                what: "an SSH server beside what is not known",
                resources: [
                    cloudflare.application("bastion", { domain: "bastion.example.com", policies: UNKNOWN }),
                    cloudflare.ingress("tunnel", [ssh("bastion.example.com"), ssh(UNKNOWN), catchAll]),
                ],
                messages: [
                    `Ingress rule 1 of tunnel configuration 'tunnel' for "bastion.example.com" leads to an SSH server whose Access application signs no certificates. ${SIGN}`,
                ],
            },
            {
                what: "a host name or an origin that is not known",
                resources: [
                    cloudflare.ingress("tunnel", [
                        ssh(UNKNOWN),
                        { hostname: "a.example.com", service: UNKNOWN, originRequest: guarded },
                        catchAll,
                    ]),
                ],
            },
        ],
    },
];

import { type CaseGroup, resource } from "../support/cases.ts";
import { UNKNOWN_ON_THE_WIRE as UNKNOWN } from "../support/judge.ts";

const RENEW =
    "Run an update: what has `earlyRenewalHours` is made anew in its last days, as MkcertCA and MkcertCertificate are. Give it some where it has none.";
const NAME =
    "Name what it may certify in `permitted`: its certificate then holds it to that, and other names are refused.";

const root = (name: string, validityEndTime: unknown) =>
    resource("tls:index/selfSignedCert:SelfSignedCert", name, { validityEndTime, isCaCertificate: true });
const leaf = (name: string, validityEndTime: unknown) =>
    resource("tls:index/locallySignedCert:LocallySignedCert", name, { validityEndTime });
const authority = (name: string, props: Readonly<Record<string, unknown>>) =>
    resource("sallyport:index:MkcertCA", name, props);

/** What servers show, and who signs it. */
export const certificates: readonly CaseGroup[] = [
    {
        topic: "certificates that have ended",
        rules: ["certificate-has-not-expired"],
        violating: [
            {
                what: "a root and a leaf that ended",
                resources: [root("ca", "2026-10-01T00:00:00Z"), leaf("web", "2026-11-22T12:00:00Z")],
                messages: [
                    `Certificate 'ca' expired on 2026-10-01. ${RENEW}`,
                    `Certificate 'web' expired on 2026-11-22. ${RENEW}`,
                ],
            },
        ],
        compliant: [{ what: "one that is good", resources: [leaf("web", "2027-11-22T12:00:00Z")] }],
        unknown: [
            {
                what: "one that is made anew beside one that has ended",
                resources: [leaf("new", UNKNOWN), leaf("old", "2026-10-01T00:00:00Z")],
                messages: [`Certificate 'old' expired on 2026-10-01. ${RENEW}`],
            },
        ],
    },
    {
        topic: "certificates that end soon",
        rules: ["certificate-expires-soon"],
        violating: [
            {
                what: "one within the month",
                resources: [leaf("web", "2026-12-20T00:00:00Z")],
                messages: [`Certificate 'web' ends on 2026-12-20. ${RENEW}`],
            },
            {
                what: "one within the days that the configuration names",
                resources: [root("ca", "2027-01-20T00:00:00Z")],
                config: { days: 90 },
                messages: [`Certificate 'ca' ends on 2027-01-20. ${RENEW}`],
            },
        ],
        compliant: [
            {
                what: "one with more time, and one that has ended, which is the other rule's",
                resources: [leaf("good", "2027-01-20T00:00:00Z"), leaf("old", "2026-10-01T00:00:00Z")],
            },
        ],
        unknown: [
            {
                what: "one that the update makes anew beside one that it does not",
                resources: [leaf("new", UNKNOWN), leaf("web", "2026-12-20T00:00:00Z")],
                messages: [`Certificate 'web' ends on 2026-12-20. ${RENEW}`],
            },
        ],
    },
    {
        topic: "authorities that may certify any name",
        rules: ["authority-is-constrained"],
        violating: [
            {
                what: "one that says nothing of names",
                resources: [authority("ca", { commonName: "Example" })],
                messages: [`Authority 'ca' may certify any name. ${NAME}`],
            },
        ],
        compliant: [
            {
                what: "one that names some, and one that was there before",
                resources: [
                    authority("ours", { permitted: { dnsDomains: ["internal"] } }),
                    authority("taken", { existing: { certPem: "x" } }),
                ],
            },
        ],
        unknown: [
            {
                what: "one whose names are not known beside one without any",
                resources: [authority("ours", { permitted: UNKNOWN }), authority("ca", { commonName: UNKNOWN })],
                messages: [`Authority 'ca' may certify any name. ${NAME}`],
            },
        ],
    },
];

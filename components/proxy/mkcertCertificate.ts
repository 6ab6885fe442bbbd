import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { checkShape } from "../internal/shape.ts";
import {
    certificateProblem,
    dnsNameProblem,
    ipAddressProblem,
    memberProblem,
    privateKeyProblem,
    subjectProblem,
    uriProblem,
} from "../validation/index.ts";
import { CertificateKeyAlgorithm, keySettings, LEAF_HOURS, LEAF_RENEWAL_HOURS, stackUnit } from "./mkcertProfile.ts";

export interface MkcertCertificateArgs {
    /** Certificate of the authority, in PEM (`certPem` of a {@link MkcertCA}). */
    caCertPem: pulumi.Input<string>;
    /** Private key of the authority, in PEM (`privateKeyPem` of a {@link MkcertCA}). */
    caPrivateKeyPem: pulumi.Input<string>;
    /** Host names that the certificate is good for; a single label and a wildcard first label are fine. */
    dnsNames?: string[];
    /** IP addresses that the certificate is good for. */
    ipAddresses?: string[];
    /** URIs that the certificate is good for, such as a SPIFFE id. */
    uris?: string[];
    /** Whether the certificate also identifies a client. False if omitted: servers only. */
    clientAuth?: boolean;
    /** Organizational unit in the subject. `<stack>@<project>` if omitted. */
    organizationalUnit?: string;
    /** Kind of key. `RSA` with 2048 bits if omitted, as in mkcert; `ECDSA` is on P-256. */
    algorithm?: CertificateKeyAlgorithm;
    /** Hours before its end at which the next deployment makes a new certificate. 720, which is 30 days, if omitted. */
    earlyRenewalHours?: number;
}

/**
 * A certificate from a {@link MkcertCA}, with the profile of mkcert 1.4.4.
 *
 * Like mkcert: subject without a common name, RSA-2048, `digitalSignature` and `keyEncipherment` (critical), `serverAuth`,
 * authority key identifier, names as subject alternative names. Unlike mkcert: a life of 821 days to the hour where mkcert
 * counts two calendar years and three months; the `tls` provider adds `CA:FALSE` and takes no e-mail names.
 *
 * @example
 * const leaf = new MkcertCertificate("web", {
 *     caCertPem: ca.certPem,
 *     caPrivateKeyPem: ca.privateKeyPem,
 *     dnsNames: ["traefik", "*.internal.example.com"],
 *     ipAddresses: ["10.0.0.5"],
 * });
 */
export class MkcertCertificate extends pulumi.ComponentResource {
    /** The certificate alone, in PEM. */
    public readonly certPem: pulumi.Output<string>;
    /** Secret: the certificate's private key, in PEM. */
    public readonly privateKeyPem: pulumi.Output<string>;
    /** The certificate followed by its authority's, in PEM: what a server presents. */
    public readonly chainPem: pulumi.Output<string>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: MkcertCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const caPrivateKeyPem = pulumi.secret(args.caPrivateKeyPem);
        // Arguments of a component are kept in the state: the authority's key enters them as a secret.
        super("sallyport:index:MkcertCertificate", name, { ...args, caPrivateKeyPem }, opts);

        const key = new PrivateKey(`${name}-key`, keySettings(args.algorithm, 2048), { parent: this });
        const request = new CertRequest(
            `${name}-request`,
            {
                privateKeyPem: pulumi.secret(key.privateKeyPem),
                subject: {
                    organization: "mkcert development certificate",
                    organizationalUnit: args.organizationalUnit ?? stackUnit(),
                },
                ...namesOf(args),
            },
            { parent: this },
        );
        const certificate = new LocallySignedCert(
            `${name}-certificate`,
            {
                certRequestPem: request.certRequestPem,
                caCertPem: args.caCertPem,
                caPrivateKeyPem,
                allowedUses: [
                    "digital_signature",
                    "key_encipherment",
                    ...(args.clientAuth ? ["client_auth"] : []),
                    "server_auth",
                ],
                validityPeriodHours: LEAF_HOURS,
                earlyRenewalHours: args.earlyRenewalHours ?? LEAF_RENEWAL_HOURS,
            },
            { parent: this },
        );

        this.certPem = certificate.certPem;
        this.privateKeyPem = pulumi.secret(key.privateKeyPem);
        this.chainPem = pulumi
            .all([certificate.certPem, args.caCertPem])
            .apply((certificates) => certificates.map((pem) => `${pem.trimEnd()}\n`).join(""));
        this.registerOutputs({
            certPem: this.certPem,
            privateKeyPem: this.privateKeyPem,
            chainPem: this.chainPem,
        });
    }
}

/** An empty list is left out: the provider reads it back as none. */
function namesOf({ dnsNames = [], ipAddresses = [], uris = [] }: MkcertCertificateArgs) {
    return {
        ...(dnsNames.length === 0 ? {} : { dnsNames }),
        ...(ipAddresses.length === 0 ? {} : { ipAddresses }),
        ...(uris.length === 0 ? {} : { uris }),
    };
}

function checkArgs(name: string, args: MkcertCertificateArgs): void {
    const problems = checkShape("MkcertCertificate", name, args);
    const { dnsNames = [], ipAddresses = [], uris = [] } = args;
    problems.check("caCertPem", args.caCertPem, certificateProblem);
    problems.check("caPrivateKeyPem", args.caPrivateKeyPem, privateKeyProblem);
    if (dnsNames.length + ipAddresses.length + uris.length === 0) {
        problems.add(
            "dnsNames",
            'names nothing that the certificate is good for. Write "dnsNames", "ipAddresses" or "uris".',
        );
    }
    problems.checkEach("dnsNames", dnsNames, dnsNameProblem);
    problems.checkEach("ipAddresses", ipAddresses, ipAddressProblem);
    problems.checkEach("uris", uris, uriProblem);
    problems.check("organizationalUnit", args.organizationalUnit, subjectProblem);
    problems.check("algorithm", args.algorithm, (kind) => memberProblem(kind, Object.values(CertificateKeyAlgorithm)));
    problems.check("earlyRenewalHours", args.earlyRenewalHours, renewalProblem);
    problems.throwIfAny("MkcertCertificate", name);
}

function renewalProblem(hours: number): string | undefined {
    const fits = Number.isInteger(hours) && hours >= 0 && hours < LEAF_HOURS;
    if (fits) return undefined;
    return `${hours} is not within the certificate's life of ${LEAF_HOURS} hours. Write a whole number of hours, such as 720.`;
}

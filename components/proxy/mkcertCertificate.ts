import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { checkRotation } from "../internal/checkRotation.ts";
import { lateProblems } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import {
    certificateProblem,
    dnsNameProblem,
    emailProblem,
    ipAddressProblem,
    memberProblem,
    privateKeyProblem,
    type RotationSchedule,
    rotationAt,
    subjectProblem,
    uriProblem,
    versionProblem,
} from "../validation/index.ts";
import { commonNameOf, requestedNames, usesOf } from "./mkcert/leafProfile.ts";
import { certificatesIn } from "./mkcert/pem.ts";
import type { CertificateNames } from "./mkcert/subjectNames.ts";
import {
    CertificateKeyAlgorithm,
    finished,
    keySettings,
    LEAF_HOURS,
    LEAF_RENEWAL_HOURS,
    renewalProblem,
    stackUnit,
} from "./mkcertProfile.ts";

/** Characters that a password needs at least: the file may lie about for the key's whole life. */
const SHORTEST_PASSWORD = 8;

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
    /** E-mail addresses that the certificate is good for: S/MIME, and people as clients. */
    emailAddresses?: string[];
    /** Whether the certificate also identifies a client. False if omitted: servers only, and e-mail where it has addresses. */
    clientAuth?: boolean;
    /** Password of a PKCS #12 file with key and chain, `pkcs12`; 8 characters or more. No such file if omitted. */
    pkcs12Password?: pulumi.Input<string>;
    /** Organizational unit in the subject. `<stack>@<project>` if omitted. */
    organizationalUnit?: string;
    /** Kind of key. `RSA` with 2048 bits if omitted, as in mkcert; `ECDSA` is on P-256. */
    algorithm?: CertificateKeyAlgorithm;
    /** Hours before its end at which the next deployment makes a new certificate. 720, which is 30 days, if omitted. */
    earlyRenewalHours?: number;
    /** When key and certificate are replaced by the calendar. Only by hand, with `keyVersion`, and before the certificate's end if omitted. */
    rotation?: RotationSchedule;
    /** Version of the key: another one is another key, with a certificate of its own. 1 if omitted; not beside `rotation`. */
    keyVersion?: number;
}

/**
 * A certificate from a {@link MkcertCA}, with the profile of mkcert 1.4.4.
 *
 * Like mkcert: subject without a common name (with the first name as such where a PKCS #12 file is asked for), RSA-2048, `digitalSignature` and
 * `keyEncipherment` (critical), `serverAuth`, `clientAuth` and `emailProtection` as its names and `clientAuth` ask for, authority key identifier, names
 * as subject alternative names. Unlike mkcert: a life of 821 days to the hour where mkcert counts two calendar years and three months.
 *
 * Names that the authority may not certify are refused before a certificate is used.
 *
 * A declared schedule gives it another key, and so another certificate, in the first deployment of each period; it is made anew before its end in any case. Whoever
 * verifies it trusts the authority, so nobody needs to be told.
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
    /** Secret: key and chain as a PKCS #12 file, in base64; empty without `pkcs12Password`. */
    public readonly pkcs12: pulumi.Output<string>;
    /** When the certificate ends, in RFC 3339. */
    public readonly expiresAt: pulumi.Output<string>;
    /** When the next key is due, in RFC 3339; empty without a schedule. */
    public readonly rotatesAt: pulumi.Output<string>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: MkcertCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const caPrivateKeyPem = pulumi.secret(args.caPrivateKeyPem);
        const pkcs12Password = args.pkcs12Password === undefined ? undefined : pulumi.secret(args.pkcs12Password);
        // Arguments of a component are kept in the state: key and password enter them as secrets.
        super("sallyport:index:MkcertCertificate", name, { ...args, caPrivateKeyPem, pkcs12Password }, opts);

        const names = namesOf(args);
        const rotation = args.rotation === undefined ? undefined : rotationAt(args.rotation, new Date());
        const version = rotation?.version ?? args.keyVersion ?? 1;
        const key = new PrivateKey(
            version === 1 ? `${name}-key` : `${name}-key-${version}`,
            keySettings(args.algorithm, 2048),
            { parent: this },
        );
        const request = new CertRequest(
            `${name}-request`,
            {
                privateKeyPem: pulumi.secret(key.privateKeyPem),
                subject: {
                    organization: "mkcert development certificate",
                    organizationalUnit: args.organizationalUnit ?? stackUnit(),
                    ...(pkcs12Password === undefined ? {} : { commonName: commonNameOf(names) }),
                },
                ...requestedNames(names),
            },
            { parent: this },
        );
        const certificate = new LocallySignedCert(
            `${name}-certificate`,
            {
                certRequestPem: request.certRequestPem,
                caCertPem: args.caCertPem,
                caPrivateKeyPem,
                allowedUses: usesOf(names, args.clientAuth ?? false),
                validityPeriodHours: LEAF_HOURS,
                earlyRenewalHours: args.earlyRenewalHours ?? LEAF_RENEWAL_HOURS,
            },
            { parent: this },
        );

        const caCertPem = pulumi.output(args.caCertPem);
        const permitted = pulumi.all([certificate.certPem, caCertPem]).apply(async ([drafted, authority]) => {
            await requirePermitted(name, authority, names);
            return drafted;
        });
        this.certPem = finished(permitted, caPrivateKeyPem, async (drafted, keyPem) => {
            const { finishLeaf } = await import("./mkcert/issue.ts");
            return finishLeaf(drafted, keyPem, names);
        });
        this.privateKeyPem = pulumi.secret(key.privateKeyPem);
        this.chainPem = pulumi
            .all([this.certPem, caCertPem])
            .apply(([leaf, authority]) => [leaf, ...certificatesIn(authority)].join(""));
        this.pkcs12 = pulumi.secret(pkcs12Of(this, pkcs12Password));
        this.expiresAt = certificate.validityEndTime;
        this.rotatesAt = pulumi.output(rotation?.nextAt ?? "");
        this.registerOutputs({
            certPem: this.certPem,
            privateKeyPem: this.privateKeyPem,
            chainPem: this.chainPem,
            pkcs12: this.pkcs12,
            expiresAt: this.expiresAt,
            rotatesAt: this.rotatesAt,
        });
    }
}

function namesOf(args: MkcertCertificateArgs): CertificateNames {
    const { dnsNames = [], ipAddresses = [], uris = [], emailAddresses = [] } = args;
    return { dnsNames, ipAddresses, uris, emailAddresses };
}

/** @throws pulumi.InputPropertiesError with every name that the authority may not certify. */
async function requirePermitted(name: string, caCertPem: string, names: CertificateNames): Promise<void> {
    const { constraintViolations } = await import("./mkcert/constraintViolations.ts");
    const violations = constraintViolations(caCertPem, names);
    if (violations.length > 0) throw lateProblems("MkcertCertificate", name, violations);
}

function pkcs12Of(
    { privateKeyPem, chainPem }: Pick<MkcertCertificate, "privateKeyPem" | "chainPem">,
    password: pulumi.Output<string> | undefined,
): pulumi.Input<string> {
    if (password === undefined) return "";
    return pulumi.all([privateKeyPem, chainPem, password]).apply(async ([key, chain, known]) => {
        const { toPkcs12 } = await import("./mkcert/pkcs12.ts");
        return toPkcs12(key, chain, known);
    });
}

function checkArgs(name: string, args: MkcertCertificateArgs): void {
    const problems = checkShape("MkcertCertificate", name, args);
    const { dnsNames = [], ipAddresses = [], uris = [], emailAddresses = [] } = args;
    problems.check("caCertPem", args.caCertPem, certificateProblem);
    problems.check("caPrivateKeyPem", args.caPrivateKeyPem, privateKeyProblem);
    if (dnsNames.length + ipAddresses.length + uris.length + emailAddresses.length === 0) {
        problems.add(
            "dnsNames",
            'names nothing that the certificate is good for. Write "dnsNames", "ipAddresses", "uris" or "emailAddresses".',
        );
    }
    problems.checkEach("dnsNames", dnsNames, dnsNameProblem);
    problems.checkEach("ipAddresses", ipAddresses, ipAddressProblem);
    problems.checkEach("uris", uris, uriProblem);
    problems.checkEach("emailAddresses", emailAddresses, emailProblem);
    problems.check("pkcs12Password", args.pkcs12Password, passwordProblem);
    problems.check("organizationalUnit", args.organizationalUnit, subjectProblem);
    problems.check("algorithm", args.algorithm, (kind) => memberProblem(kind, Object.values(CertificateKeyAlgorithm)));
    problems.check("earlyRenewalHours", args.earlyRenewalHours, renewalProblem);
    problems.check("keyVersion", args.keyVersion, versionProblem);
    checkRotation(problems, args.rotation, { keyVersion: args.keyVersion });
    problems.throwIfAny("MkcertCertificate", name);
}

function passwordProblem(password: string): string | undefined {
    const fits = password.length >= SHORTEST_PASSWORD;
    return fits ? undefined : `is too short. Give a password of ${SHORTEST_PASSWORD} characters or more.`;
}

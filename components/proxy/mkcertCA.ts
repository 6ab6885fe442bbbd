import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";
import { checkShape } from "../internal/shape.ts";
import { memberProblem, subjectProblem } from "../validation/index.ts";
import { CertificateKeyAlgorithm, keySettings, LEAF_HOURS, stackUnit } from "./mkcertProfile.ts";

/** Ten years, as mkcert has it (3,652 days; mkcert counts calendar years, which may have one leap day more). */
const ROOT_HOURS = 3652 * 24;

export interface MkcertCAArgs {
    /** Name of the authority; some devices show nothing else. `mkcert <stack>@<project>` if omitted. */
    commonName?: string;
    /** Organization in the subject. `mkcert development CA` if omitted. */
    organization?: string;
    /** Organizational unit in the subject. `<stack>@<project>` if omitted, where mkcert has `<user>@<host>`. */
    organizationalUnit?: string;
    /** Kind of key. `RSA` with 3072 bits if omitted, as in mkcert; `ECDSA` is on P-256. */
    algorithm?: CertificateKeyAlgorithm;
}

/**
 * A certificate authority for names that no public one certifies, with the profile of mkcert 1.4.4.
 *
 * Its certificate is what the connector's `originCaPem`, a backend's `caPem` and a developer's trust store take, so that
 * certificate checks are never switched off. The private key stays in the Pulumi state, encrypted; it never reaches a
 * container.
 *
 * Like mkcert: subject, RSA-3072, ten years, `keyCertSign` (critical), `CA:TRUE` (critical), subject key identifier. Unlike
 * mkcert: `pathlen:0` is asked for but the `tls` provider leaves a zero out; the serial number is the provider's own.
 *
 * The certificate is renewed, with the same key and subject, as soon as a leaf made then could outlive it. Leaves made
 * before still verify against the new one.
 *
 * @example
 * const ca = new MkcertCA("ca", {});
 * const leaf = new MkcertCertificate("web", {
 *     caCertPem: ca.certPem,
 *     caPrivateKeyPem: ca.privateKeyPem,
 *     dnsNames: ["traefik"],
 * });
 */
export class MkcertCA extends pulumi.ComponentResource {
    /** The authority's certificate, in PEM. Public: whoever is to trust it needs it. */
    public readonly certPem: pulumi.Output<string>;
    /** Secret: the authority's private key, in PEM. Whoever has it can pass for any name to those who trust the authority. */
    public readonly privateKeyPem: pulumi.Output<string>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: MkcertCAArgs, opts?: pulumi.ComponentResourceOptions) {
        const problems = checkShape("MkcertCA", name, args);
        problems.check("commonName", args.commonName, subjectProblem);
        problems.check("organization", args.organization, subjectProblem);
        problems.check("organizationalUnit", args.organizationalUnit, subjectProblem);
        problems.check("algorithm", args.algorithm, (kind) =>
            memberProblem(kind, Object.values(CertificateKeyAlgorithm)),
        );
        problems.throwIfAny("MkcertCA", name);
        super("sallyport:index:MkcertCA", name, args, opts);

        const key = new PrivateKey(`${name}-key`, keySettings(args.algorithm, 3072), { parent: this });
        const certificate = new SelfSignedCert(
            `${name}-certificate`,
            {
                privateKeyPem: pulumi.secret(key.privateKeyPem),
                subject: {
                    organization: args.organization ?? "mkcert development CA",
                    organizationalUnit: args.organizationalUnit ?? stackUnit(),
                    commonName: args.commonName ?? `mkcert ${stackUnit()}`,
                },
                isCaCertificate: true,
                maxPathLength: 0,
                allowedUses: ["cert_signing"],
                setSubjectKeyId: true,
                setAuthorityKeyId: false,
                validityPeriodHours: ROOT_HOURS,
                earlyRenewalHours: LEAF_HOURS,
            },
            { parent: this },
        );

        this.certPem = certificate.certPem;
        this.privateKeyPem = pulumi.secret(key.privateKeyPem);
        this.registerOutputs({ certPem: this.certPem, privateKeyPem: this.privateKeyPem });
    }
}

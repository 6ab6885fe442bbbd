import { ZeroTrustAccessMtlsCertificate } from "@pulumi/cloudflare/zeroTrustAccessMtlsCertificate.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { accountIdProblem, certificateProblem, displayNameProblem, hostnameProblem } from "../validation/index.ts";

export interface MutualTlsCertificateArgs {
    /** Account that owns the authority: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Name in the dashboard. The component's name if omitted. */
    certificateName?: pulumi.Input<string>;
    /** Certificate of the authority that signs the clients', in PEM: the root, and intermediates after it. Never a key. A change replaces the authority. */
    certificatePem: pulumi.Input<string>;
    /** Host names at which the edge asks for a client certificate. At least one; a wildcard covers one label. */
    hostnames: string[];
}

/**
 * An authority whose client certificates the edge accepts (mutual TLS), on the host names that it is associated with.
 *
 * The edge asks every visitor of those names for a certificate, and lets nobody in for it: an {@link AccessAudience} does, by
 * common name or for any certificate, or requires one beside a login. A new authority is associated before the old one goes, so
 * that clients of both enter while it is replaced.
 *
 * @example
 * new MutualTlsCertificate("machines", { accountId, certificatePem: ca.certPem, hostnames: ["api.example.com"] });
 * const machines = new AccessAudience("machines", { accountId, certificateCommonNames: ["billing.internal"] });
 */
export class MutualTlsCertificate extends pulumi.ComponentResource {
    /** UUID of the authority, for posture checks of the kind `client_certificate_v2`. */
    public readonly certificateId: pulumi.Output<string>;
    /** Fingerprint of the certificate, as the API writes it. */
    public readonly fingerprint: pulumi.Output<string>;
    /** When the certificate ends, as a date and time in UTC (RFC 3339). */
    public readonly expiresOn: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the authority where `certificateName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: MutualTlsCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
        const problems = checkShape("MutualTlsCertificate", name, args);
        problems.check("accountId", args.accountId, accountIdProblem);
        problems.check("certificateName", args.certificateName ?? name, displayNameProblem);
        problems.check("certificatePem", args.certificatePem, publicCertificateProblem);
        problems.check("hostnames", args.hostnames, (hostnames) =>
            hostnames.length === 0
                ? "is empty, so nobody would be asked for a certificate. Write at least one host name."
                : undefined,
        );
        problems.checkEach("hostnames", args.hostnames, hostnameProblem);
        problems.throwIfAny("MutualTlsCertificate", name);
        super("sallyport:index:MutualTlsCertificate", name, args, opts);

        const certificate = new ZeroTrustAccessMtlsCertificate(
            `${name}-certificate`,
            {
                accountId: args.accountId,
                name: args.certificateName ?? name,
                certificate: args.certificatePem,
                associatedHostnames: args.hostnames.toSorted(),
            },
            { parent: this },
        );

        this.certificateId = certificate.id;
        this.fingerprint = certificate.fingerprint;
        this.expiresOn = certificate.expiresOn;
        this.registerOutputs({
            certificateId: this.certificateId,
            fingerprint: this.fingerprint,
            expiresOn: this.expiresOn,
        });
    }
}

/** A file that holds the key as well would lay it open: the API keeps and shows what it is given here. */
function publicCertificateProblem(pem: string): string | undefined {
    return /PRIVATE KEY/.test(pem)
        ? "holds a private key, which Cloudflare must not see. Give the certificate alone."
        : certificateProblem(pem);
}

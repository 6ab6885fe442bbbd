import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";
import { lateProblem } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import {
    certificateProblem,
    memberProblem,
    privateKeyProblem,
    type RotationSchedule,
    subjectProblem,
} from "../validation/index.ts";
import { type ExistingAuthority, existingProblem } from "./mkcert/existingAuthority.ts";
import { generationProblems, generationsAt } from "./mkcert/generations.ts";
import { checkPermitted, type PermittedNames } from "./mkcert/permittedNames.ts";
import { CertificateKeyAlgorithm, finished, keySettings, LEAF_HOURS, stackUnit } from "./mkcertProfile.ts";

/** Ten years, as mkcert has it (3,652 days; mkcert counts calendar years, which may have one leap day more). */
const ROOT_HOURS = 3652 * 24;
const MAX_COMMON_NAME = 64;

export interface MkcertCAArgs {
    /** Name of the authority; some devices show nothing else. `mkcert <stack>@<project>` if omitted. */
    commonName?: string;
    /** Organization in the subject. `mkcert development CA` if omitted. */
    organization?: string;
    /** Organizational unit in the subject. `<stack>@<project>` if omitted, where mkcert has `<user>@<host>`. */
    organizationalUnit?: string;
    /** Kind of key. `RSA` with 3072 bits if omitted, as in mkcert; `ECDSA` is on P-256. */
    algorithm?: CertificateKeyAlgorithm;
    /** Names that the authority may certify, written into its certificate: others are refused by whoever verifies. Any name if omitted, as in mkcert. */
    permitted?: PermittedNames;
    /** An authority to take over, as generation 1: its certificate stays as it is, and is not renewed. None if omitted: one is made. */
    existing?: ExistingAuthority;
    /** Number of the root that signs. 1 if omitted; another number is another root with a key of its own. */
    generation?: number;
    /** Numbers of further roots that are to be trusted, in `trustBundlePem`. None if omitted. */
    alsoTrust?: number[];
    /** When roots take turns by the calendar, with the overlap before and after in which both are trusted. Not beside `generation` and `alsoTrust`; by hand alone if omitted. */
    rollOver?: RotationSchedule;
}

/**
 * A certificate authority for names that no public one certifies, with the profile of mkcert 1.4.4.
 *
 * Its certificate is what the connector's `originCaPem`, a backend's `caPem` and a developer's trust store take, so that
 * certificate checks are never switched off. The private key stays in the Pulumi state, encrypted; it never reaches a
 * container. Both are in the form that mkcert keeps them in: as `rootCA.pem` and `rootCA-key.pem` they are a CAROOT.
 *
 * Like mkcert: subject, RSA-3072, ten years, `keyCertSign` (critical), `CA:TRUE` with `pathlen:0` (critical), subject key identifier.
 * The serial number follows from the content, so that the same certificate always comes out the same.
 *
 * The certificate is renewed, with the same key and subject, as soon as a leaf made then could outlive it. Leaves made
 * before still verify against the new one.
 *
 * **Roll-over** to another key takes three deployments, and no handshake fails in between: trust the next root beside the present one
 * (`alsoTrust: [2]`), let it sign (`generation: 2, alsoTrust: [1]`), forget the first (`generation: 2`). With a schedule, `rollOver`, the first deployment
 * within each of these times does it: deploy at least once within each overlap.
 *
 * @example
 * const ca = new MkcertCA("ca", { permitted: { dnsDomains: ["traefik", "internal.example.com"] } });
 * const leaf = new MkcertCertificate("web", {
 *     caCertPem: ca.certPem,
 *     caPrivateKeyPem: ca.privateKeyPem,
 *     dnsNames: ["traefik"],
 * });
 * new SwarmTunnelSidecar("connector", { ...tunnel, networkIds, originCaPem: ca.trustBundlePem });
 */
export class MkcertCA extends pulumi.ComponentResource {
    /** Certificate of the root that signs, in PEM. Public. */
    public readonly certPem: pulumi.Output<string>;
    /** Secret: the private key of the root that signs, in PEM (PKCS #8). Whoever has it can pass for any name to those who trust the authority. */
    public readonly privateKeyPem: pulumi.Output<string>;
    /** Certificates of all roots that are to be trusted, in PEM: what verifiers take. The same as `certPem` outside a roll-over. */
    public readonly trustBundlePem: pulumi.Output<string>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered. An authority taken over that
     *     is known only once the engine has it is refused then, by the same paths.
     */
    constructor(name: string, args: MkcertCAArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        const existing = secretKey(args.existing);
        // Arguments of a component are kept in the state: a key enters them as a secret.
        super("sallyport:index:MkcertCA", name, existing === undefined ? args : { ...args, existing }, opts);

        const { signing, trusted } = generationsAt(args, new Date());
        const roots = new Map(
            trusted.map((generation) => [
                generation,
                generation === 1 && existing !== undefined
                    ? takenOver(name, existing)
                    : newRoot(generation, { name, args, parent: this }),
            ]),
        );
        const root = (generation: number) => roots.get(generation) as Root;

        this.certPem = root(signing).certPem;
        this.privateKeyPem = root(signing).privateKeyPem;
        this.trustBundlePem = pulumi
            .all(trusted.map((generation) => root(generation).certPem))
            .apply((certificates) => certificates.join(""));
        this.registerOutputs({
            certPem: this.certPem,
            privateKeyPem: this.privateKeyPem,
            trustBundlePem: this.trustBundlePem,
        });
    }
}

interface Root {
    certPem: pulumi.Output<string>;
    privateKeyPem: pulumi.Output<string>;
}

function newRoot(
    generation: number,
    { name, args, parent }: { name: string; args: MkcertCAArgs; parent: MkcertCA },
): Root {
    const suffix = generation === 1 ? "" : `-${generation}`;
    const key = new PrivateKey(`${name}-key${suffix}`, keySettings(args.algorithm, 3072), { parent });
    const privateKeyPem = pulumi.secret(key.privateKeyPemPkcs8);
    const certificate = new SelfSignedCert(
        `${name}-certificate${suffix}`,
        {
            privateKeyPem,
            subject: {
                organization: args.organization ?? "mkcert development CA",
                organizationalUnit: args.organizationalUnit ?? stackUnit(),
                commonName: commonNameOf(args.commonName ?? `mkcert ${stackUnit()}`, generation),
            },
            isCaCertificate: true,
            maxPathLength: 0,
            allowedUses: ["cert_signing"],
            setSubjectKeyId: true,
            setAuthorityKeyId: false,
            validityPeriodHours: ROOT_HOURS,
            earlyRenewalHours: LEAF_HOURS,
        },
        { parent },
    );
    const certPem = finished(certificate.certPem, privateKeyPem, async (drafted, keyPem) => {
        const { finishRoot } = await import("./mkcert/issue.ts");
        return finishRoot(drafted, keyPem, args.permitted);
    });
    return { certPem, privateKeyPem };
}

/** Roots of different keys have different names, so that whoever looks at a trust store can tell them apart. */
function commonNameOf(commonName: string, generation: number): string {
    if (generation === 1) return commonName;
    const suffix = ` (${generation})`;
    return `${commonName.slice(0, MAX_COMMON_NAME - suffix.length)}${suffix}`;
}

function takenOver(name: string, { certPem, privateKeyPem }: ExistingAuthority): Root {
    const checked = pulumi.all([certPem, privateKeyPem]).apply(([certificate, key]) => {
        const problem = existingProblem(certificate, key, new Date());
        if (problem !== undefined) throw lateProblem("MkcertCA", name, `existing.${problem.property}`, problem.reason);
        return { certificate: `${certificate.trim()}\n`, key };
    });
    return {
        // The certificate is public, the key beside it is not.
        certPem: pulumi.unsecret(checked.apply(({ certificate }) => certificate)),
        privateKeyPem: pulumi.secret(checked.apply(({ key }) => key)),
    };
}

function secretKey(existing: ExistingAuthority | undefined): ExistingAuthority | undefined {
    return existing === undefined ? undefined : { ...existing, privateKeyPem: pulumi.secret(existing.privateKeyPem) };
}

function checkArgs(name: string, args: MkcertCAArgs): void {
    const problems = checkShape("MkcertCA", name, args);
    const { existing, permitted } = args;
    problems.check("commonName", args.commonName, subjectProblem);
    problems.check("organization", args.organization, subjectProblem);
    problems.check("organizationalUnit", args.organizationalUnit, subjectProblem);
    problems.check("algorithm", args.algorithm, (kind) => memberProblem(kind, Object.values(CertificateKeyAlgorithm)));
    problems.check("existing.certPem", existing?.certPem, certificateProblem);
    problems.check("existing.privateKeyPem", existing?.privateKeyPem, privateKeyProblem);
    problems.addAll(generationProblems(args));
    if (permitted !== undefined) checkPermitted(problems, "permitted", permitted);
    problems.throwIfAny("MkcertCA", name);
}

import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { MkcertCA } from "../proxy/mkcertCA.ts";
import { CertificateKeyAlgorithm } from "../proxy/mkcertProfile.ts";
import { type RotationSchedule, rotationProblems } from "../validation/index.ts";
import { unknownProblem } from "./federation/names.ts";
import { federationProblems } from "./federation/problems.ts";
import type { Federation } from "./federation.ts";
import { permittedNames } from "./mutualTls/identity.ts";

export interface SiteAuthorityArgs {
    /** The federation. */
    federation: Federation;
    /** Name of the site whose services it certifies. */
    site: string;
    /** When keys take turns by the calendar, with the overlap in which both are trusted ({@link MkcertCA}). By hand alone if omitted. */
    rollOver?: RotationSchedule;
}

/** An authority as a {@link MutualTlsService} takes it. */
export interface ServiceAuthority {
    caCertPem: pulumi.Output<string>;
    caPrivateKeyPem: pulumi.Output<string>;
}

/**
 * The certificate authority of a federation's site: one key for each of its services, which can certify that service and nothing else.
 *
 * Sites trust each other by exchanging `trustBundles`, which are public; private keys stay in the state of the site's own stack. Since an authority stands for one
 * service, whom a server admits is a matter of which authorities it trusts: every TLS server can do that, without looking at names in certificates.
 *
 * @example
 * const a = new SiteAuthority("a", { federation, site: "a" });
 * export const trustBundles = a.trustBundles; // for the other sites
 */
export class SiteAuthority extends pulumi.ComponentResource {
    /** By service: the certificates of the authorities that are to be trusted, in PEM. Public: what the other sites need. */
    public readonly trustBundles: pulumi.Output<Record<string, string>>;
    /** By service: the certificate of the authority that signs, in PEM. Public. */
    public readonly certPems: pulumi.Output<Record<string, string>>;
    /** Secret: by service, the private key of the authority that signs, in PEM. */
    public readonly privateKeyPems: pulumi.Output<Record<string, string>>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: SiteAuthorityArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:SiteAuthority", name, args, opts);

        const { federation, site, rollOver } = args;
        const authorities = Object.fromEntries(
            federation.services
                .filter((service) => service.site === site)
                .map((service) => [
                    service.name,
                    new MkcertCA(
                        `${name}-${service.name}`,
                        {
                            commonName: `${federation.name} ${site} ${service.name}`.slice(0, MAX_COMMON_NAME),
                            organization: federation.name,
                            algorithm: CertificateKeyAlgorithm.Ecdsa,
                            permitted: permittedNames(federation, service),
                            ...(rollOver === undefined ? {} : { rollOver }),
                        },
                        { parent: this },
                    ),
                ]),
        );
        const each = (pick: (authority: MkcertCA) => pulumi.Output<string>) =>
            pulumi.all(Object.fromEntries(Object.entries(authorities).map(([key, value]) => [key, pick(value)])));

        this.trustBundles = each(({ trustBundlePem }) => trustBundlePem);
        this.certPems = each(({ certPem }) => certPem);
        this.privateKeyPems = pulumi.secret(each(({ privateKeyPem }) => privateKeyPem));
        this.registerOutputs({
            trustBundles: this.trustBundles,
            certPems: this.certPems,
            privateKeyPems: this.privateKeyPems,
        });
    }

    /**
     * The authority of one of the site's services, for the arguments of its {@link MutualTlsService}. Both outputs fail for a service that is not of this site.
     */
    of(service: string): ServiceAuthority {
        const pick = (pems: Record<string, string>) => {
            const pem = pems[service];
            if (pem === undefined)
                throw new Error(`${JSON.stringify(service)} is not a service of this authority's site.`);
            return pem;
        };
        return { caCertPem: this.certPems.apply(pick), caPrivateKeyPem: this.privateKeyPems.apply(pick) };
    }
}

const MAX_COMMON_NAME = 64;

function checkArgs(name: string, args: SiteAuthorityArgs): void {
    const problems = checkShape("SiteAuthority", name, args);
    const { federation, site, rollOver } = args;
    problems.addAll(federationProblems(federation));
    problems.add(
        "site",
        unknownProblem(
            site,
            federation.sites.map((one) => one.name),
            "a site",
        ),
    );
    if (rollOver !== undefined) {
        problems.addAll(rotationProblems(rollOver).map(({ path, reason }) => ({ path: `rollOver.${path}`, reason })));
    }
    problems.throwIfAny("SiteAuthority", name);
}

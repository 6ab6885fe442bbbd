import { ZeroTrustAccessMtlsHostnameSettings } from "@pulumi/cloudflare/zeroTrustAccessMtlsHostnameSettings.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { hostnameProblem, zoneIdProblem } from "../validation/index.ts";

export interface ClientCertificateForwardingArgs {
    /** Zone that the host names lie in: 32 hexadecimal digits. There is one list for each zone. */
    zoneId: pulumi.Input<string>;
    /** Host names whose origin is shown the visitor's client certificate. */
    forward: string[];
    /** Host names whose origin is not, any more. Empty if omitted. */
    withhold?: string[];
}

/**
 * Shows origins the client certificate with which somebody came, in the header `Cf-Client-Cert-Der-Base64`, to log it.
 *
 * It decides nothing: that is for {@link MutualTlsCertificate} and an {@link AccessAudience}. The API has one list for each zone and
 * no delete: the last list stays when the component goes, so move the names to `withhold` first.
 *
 * @example
 * new ClientCertificateForwarding("example-com", { zoneId, forward: ["api.example.com"] });
 */
export class ClientCertificateForwarding extends pulumi.ComponentResource {
    /** The host names whose origin is shown the certificate, sorted. */
    public readonly hostnames: pulumi.Output<string[]>;

    /**
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ClientCertificateForwardingArgs, opts?: pulumi.ComponentResourceOptions) {
        const { forward, withhold = [] } = args;
        const problems = checkShape("ClientCertificateForwarding", name, args);
        problems.check("zoneId", args.zoneId, zoneIdProblem);
        if (forward.length + withhold.length === 0) {
            problems.add("forward", "is empty, so there is nothing to set. Write at least one host name.");
        }
        problems.checkEach("forward", forward, hostnameProblem);
        problems.checkEach("withhold", withhold, (hostname) =>
            forward.includes(hostname)
                ? `${JSON.stringify(hostname)} stands under "forward" as well. Write it once.`
                : hostnameProblem(hostname),
        );
        problems.throwIfAny("ClientCertificateForwarding", name);
        super("sallyport:index:ClientCertificateForwarding", name, args, opts);

        new ZeroTrustAccessMtlsHostnameSettings(
            `${name}-settings`,
            {
                zoneId: args.zoneId,
                settings: [...forward, ...withhold].toSorted().map((hostname) => ({
                    hostname,
                    clientCertificateForwarding: forward.includes(hostname),
                    chinaNetwork: false,
                })),
            },
            { parent: this },
        );

        this.hostnames = pulumi.output(forward.toSorted());
        this.registerOutputs({ hostnames: this.hostnames });
    }
}

import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { hostnameProblem, pathProblem } from "../validation/index.ts";
import { checkGuard, guardingApplication } from "./guardingApplication.ts";

export interface ZeroTrustAppArgs {
    /** Account that owns the application: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Public host name. Plain, so that it is checked before anything is made. A wildcard covers one label. */
    hostname: string;
    /** Path below which the application lies (`/admin` covers `/admin` and all below `/admin/`). The whole host name if omitted. */
    path?: string;
    /** Reusable Access policies, in order of precedence; {@link AccessAudience} makes them. At least one. */
    policyIds: pulumi.Input<pulumi.Input<string>[]>;
    /** How long a login lasts before Access asks again, in Go's form, at most `730h`. A day (`24h`) if omitted. */
    sessionDuration?: pulumi.Input<string>;
    /** Name in the dashboard and in the app launcher. The component's name if omitted. */
    applicationName?: pulumi.Input<string>;
}

/**
 * The guard before a public host name: an Access application with its policies.
 *
 * It is made first and goes last. Its `audience` is what the connector demands of every request, so the rule that serves the
 * name and the DNS record that publishes it both depend on it:
 *
 * @example
 * const staff = new AccessAudience("staff", { accountId, emailDomains: ["example.com"] });
 * const app = new ZeroTrustApp("grafana", { accountId, hostname: "grafana.example.com", policyIds: staff.policyIds });
 * new TunnelIngress("ingress", {
 *     accountId,
 *     zoneId,
 *     tunnelId,
 *     team: "example",
 *     routes: [{ hostname: "grafana.example.com", service: "http://grafana:3000", audience: app.audience }],
 * });
 */
export class ZeroTrustApp extends pulumi.ComponentResource {
    /** UUID of the application. */
    public readonly applicationId: pulumi.Output<string>;
    /** Audience tag: the `aud` of every token that Access issues for this application. */
    public readonly audience: pulumi.Output<string>;
    /** The guarded host name. */
    public readonly hostname: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the application where `applicationName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: ZeroTrustAppArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:ZeroTrustApp", name, args, opts);

        const domain = `${args.hostname}${args.path ?? ""}`;
        const application = guardingApplication(
            name,
            args,
            { component: "ZeroTrustApp", domain, type: "self_hosted" },
            this,
        );

        this.applicationId = application.id;
        this.audience = application.aud;
        this.hostname = pulumi.output(args.hostname);
        this.registerOutputs({
            applicationId: this.applicationId,
            audience: this.audience,
            hostname: this.hostname,
        });
    }
}

function checkArgs(name: string, args: ZeroTrustAppArgs): void {
    const problems = checkShape("ZeroTrustApp", name, args);
    checkGuard(problems, name, args);
    problems.check("hostname", args.hostname, hostnameProblem);
    problems.check("path", args.path, pathProblem);
    problems.throwIfAny("ZeroTrustApp", name);
}

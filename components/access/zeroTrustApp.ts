import { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication.js";
import * as pulumi from "@pulumi/pulumi";
import { lateProblem, Problems, plain } from "../internal/problems.ts";
import {
    accountIdProblem,
    displayNameProblem,
    hostnameProblem,
    pathProblem,
    sessionDurationProblem,
} from "../validation/index.ts";

const NO_POLICY = "is empty, so nobody could ever enter. Give the policyIds of at least one AccessAudience.";

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

        const application = new ZeroTrustAccessApplication(
            `${name}-application`,
            {
                accountId: args.accountId,
                name: args.applicationName ?? name,
                type: "self_hosted",
                domain: `${args.hostname}${args.path ?? ""}`,
                policies: policiesOf(name, args.policyIds),
                sessionDuration: args.sessionDuration ?? "24h",
                // Each of these is set because the provider compares what it is not told with what the API fills in
                // (cloudflare/terraform-provider-cloudflare#5495).
                appLauncherVisible: true,
                autoRedirectToIdentity: false,
                // A binding cookie would lock out `cloudflared access` and service tokens.
                enableBindingCookie: false,
                httpOnlyCookieAttribute: true,
                optionsPreflightBypass: false,
                sameSiteCookieAttribute: "lax",
                // A machine without a good token gets a 401 it understands instead of a login page.
                serviceAuth401Redirect: true,
            },
            { parent: this },
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
    const problems = new Problems();
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("hostname", args.hostname, hostnameProblem);
    problems.check("path", args.path, pathProblem);
    problems.check("policyIds", args.policyIds, (ids) => (ids.length === 0 ? NO_POLICY : undefined));
    problems.checkEach("policyIds", args.policyIds, (id) =>
        id === "" ? "is empty. Give the id of a policy." : undefined,
    );
    problems.check("sessionDuration", args.sessionDuration, sessionDurationProblem);
    problems.check("applicationName", args.applicationName ?? name, displayNameProblem);
    problems.throwIfAny("ZeroTrustApp", name);
}

/** A plain list keeps its length in a preview, so that the policy pack can count it; an output is checked when it is known. */
function policiesOf(name: string, policyIds: ZeroTrustAppArgs["policyIds"]) {
    const inOrder = (ids: readonly pulumi.Input<string>[]) => ids.map((id, index) => ({ id, precedence: index + 1 }));
    const known = plain(policyIds);
    if (known !== undefined) return inOrder(known);
    return pulumi.output(policyIds).apply((ids) => {
        if (ids.length === 0) throw lateProblem("ZeroTrustApp", name, "policyIds", NO_POLICY);
        // Two audiences may share a policy; Access takes each once.
        return inOrder([...new Set(ids)]);
    });
}

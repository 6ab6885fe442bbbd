import { ZeroTrustAccessApplication } from "@pulumi/cloudflare/zeroTrustAccessApplication.js";
import * as pulumi from "@pulumi/pulumi";
import { lateProblem, type Problems, plain } from "../internal/problems.ts";
import { accountIdProblem, displayNameProblem, sessionDurationProblem } from "../validation/index.ts";

const NO_POLICY = "is empty, so nobody could ever enter. Give the policyIds of at least one AccessAudience.";

/** What every application that stands before a public name takes. */
export interface GuardArgs {
    accountId: pulumi.Input<string>;
    policyIds: pulumi.Input<pulumi.Input<string>[]>;
    sessionDuration?: pulumi.Input<string>;
    applicationName?: pulumi.Input<string>;
}

/** What distinguishes one such application from another. */
export interface GuardedName {
    /** Component that asks, for messages. */
    component: string;
    /** Host name, with a path where there is one. */
    domain: string;
    /** What Access shows once somebody is let in: the origin's own answer, or a terminal or desktop in the browser. */
    type: "self_hosted" | "ssh" | "vnc";
}

/** The Access application before a public name, named `${name}-application`, with each setting that the API would else fill in. */
export function guardingApplication(
    name: string,
    args: GuardArgs,
    { component, domain, type }: GuardedName,
    parent: pulumi.Resource,
): ZeroTrustAccessApplication {
    return new ZeroTrustAccessApplication(
        `${name}-application`,
        {
            accountId: args.accountId,
            name: args.applicationName ?? name,
            type,
            domain,
            policies: policiesOf(component, name, args.policyIds),
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
        // The API moves an application to another name at once, while the record of the old one still leads to the tunnel. A new
        // application stands before the old name goes.
        { parent, replaceOnChanges: ["domain"] },
    );
}

/** Records what is wrong with the arguments that every guarding application takes. */
export function checkGuard(problems: Problems, name: string, args: GuardArgs): void {
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("policyIds", args.policyIds, (ids) => (ids.length === 0 ? NO_POLICY : undefined));
    problems.checkEach("policyIds", args.policyIds, (id) =>
        id === "" ? "is empty. Give the id of a policy." : undefined,
    );
    problems.check("sessionDuration", args.sessionDuration, sessionDurationProblem);
    problems.check("applicationName", args.applicationName ?? name, displayNameProblem);
}

/** A plain list keeps its length in a preview, so that the policy pack can count it; an output is checked when it is known. */
function policiesOf(component: string, name: string, policyIds: GuardArgs["policyIds"]) {
    const inOrder = (ids: readonly pulumi.Input<string>[]) => ids.map((id, index) => ({ id, precedence: index + 1 }));
    const known = plain(policyIds);
    if (known !== undefined) return inOrder(known);
    return pulumi.output(policyIds).apply((ids) => {
        if (ids.length === 0) throw lateProblem(component, name, "policyIds", NO_POLICY);
        // Two audiences may share a policy; Access takes each once.
        return inOrder([...new Set(ids)]);
    });
}

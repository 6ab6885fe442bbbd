import { NotificationPolicy } from "@pulumi/cloudflare/notificationPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { accountIdProblem, displayNameProblem, emailProblem, tunnelIdProblem } from "../validation/index.ts";

export interface TunnelAlertArgs {
    /** Account that owns the tunnels: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Tunnels that are watched. At least one. */
    tunnelIds: pulumi.Input<string>[];
    /** Who is told by e-mail. At least one, or a webhook. */
    emails?: string[];
    /** Ids of notification webhooks that are told. None if omitted. */
    webhookIds?: string[];
    /** Tell of a tunnel that lost a part of its connections too. False if omitted: only of one that serves no more, and of its return. */
    degraded?: boolean;
    /** Name in the dashboard. The component's name if omitted. */
    alertName?: string;
}

/**
 * Cloudflare's message when a tunnel stops to serve, and when it serves again.
 *
 * @example
 * new TunnelAlert("tunnel-alert", { accountId, tunnelIds: [tunnel.tunnelId], emails: ["oncall@example.com"] });
 */
export class TunnelAlert extends pulumi.ComponentResource {
    /** Id of the notification policy. */
    public readonly policyId: pulumi.Output<string>;

    /**
     * @param name Name of the component, and of the alert where `alertName` is omitted.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TunnelAlertArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:TunnelAlert", name, args, opts);

        const { accountId, tunnelIds, emails = [], webhookIds = [], degraded = false } = args;
        const policy = new NotificationPolicy(
            `${name}-policy`,
            {
                accountId,
                name: args.alertName ?? name,
                description: "A tunnel stopped to serve, or serves again",
                alertType: "tunnel_health_event",
                enabled: true,
                mechanisms: {
                    ...(emails.length === 0 ? {} : { emails: emails.toSorted().map((id) => ({ id })) }),
                    ...(webhookIds.length === 0 ? {} : { webhooks: webhookIds.toSorted().map((id) => ({ id })) }),
                },
                // Spelt as the dashboard does; other words are taken without complaint and never match.
                filters: {
                    tunnelIds,
                    newStatuses: [
                        ...(degraded ? ["TUNNEL_STATUS_TYPE_DEGRADED"] : []),
                        "TUNNEL_STATUS_TYPE_DOWN",
                        "TUNNEL_STATUS_TYPE_HEALTHY",
                    ],
                },
            },
            { parent: this },
        );

        this.policyId = policy.id;
        this.registerOutputs({ policyId: this.policyId });
    }
}

function checkArgs(name: string, args: TunnelAlertArgs): void {
    const problems = checkShape("TunnelAlert", name, args);
    const { tunnelIds, emails = [], webhookIds = [] } = args;
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("alertName", args.alertName ?? name, displayNameProblem);
    if (tunnelIds.length === 0) problems.add("tunnelIds", 'is empty. Give the "tunnelId" of at least one NamedTunnel.');
    problems.checkEach("tunnelIds", tunnelIds, tunnelIdProblem);
    if (emails.length + webhookIds.length === 0) {
        problems.add("emails", 'is empty, and so is "webhookIds", so nobody would be told. Write at least one.');
    }
    problems.checkEach("emails", emails, emailProblem);
    problems.checkEach("webhookIds", webhookIds, (id) =>
        id === "" ? "is empty. Give the id of a notification webhook." : undefined,
    );
    problems.throwIfAny("TunnelAlert", name);
}

import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { newHexId } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";

const destinations = z.array(z.strictObject({ id: z.string().min(1, "is empty; name a destination") }));

const body = z.strictObject({
    name: z.string().min(1, "is empty; give the policy a name"),
    alert_type: z.string().regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, "is not a type of alert, such as tunnel_health_event"),
    enabled: z.boolean().default(true),
    mechanisms: z
        .strictObject({
            email: destinations.optional(),
            pagerduty: destinations.optional(),
            webhooks: destinations.optional(),
        })
        .refine(
            (mechanisms) => Object.values(mechanisms).some((list) => list.length > 0),
            "names nobody; give email, pagerduty or webhooks at least one destination",
        ),
    filters: z.record(z.string(), z.array(z.string())).optional(),
    description: z.string().optional(),
    alert_interval: z.string().optional(),
});

/** Whom Cloudflare tells of what. */
interface NotificationPolicy extends z.infer<typeof body> {
    readonly id: string;
    readonly created: string;
    readonly modified: string;
}

const notificationPolicies = defineTable<NotificationPolicy>("notificationPolicies");

/** Notification policies (`alerting/v3/policies`). They are kept and given back; nothing is ever sent. */
export const notificationPolicyEndpoints: readonly Endpoint[] = collection<NotificationPolicy>({
    table: notificationPolicies,
    at: accountLevel,
    path: "/alerting/v3/policies",
    idParam: ":policy",
    notFound: () => new ApiError(404, { code: 17103, message: "Notification policy not found" }),
    // Creating and changing answer with the id alone (cloudflare-typescript, `alerting/policies.ts`).
    create: (request) => {
        const now = request.now();
        const row = { ...request.body(body), id: newHexId(), created: now, modified: now };
        return { row, answer: { id: row.id } };
    },
    update: (request, { id, created }) => {
        const row = { ...request.body(body), id, created, modified: request.now() };
        return { row, answer: { id } };
    },
});

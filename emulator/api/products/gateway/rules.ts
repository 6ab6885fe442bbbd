import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { expressionProblem } from "./expressions.ts";

const actions = [
    ...["on", "off", "allow", "block", "scan", "noscan", "safesearch", "ytrestricted", "isolate", "noisolate"],
    ...["override", "l4_override", "egress", "resolve", "quarantine", "redirect"],
] as const;

const fields = z.strictObject({
    name: z.string().min(1, "is empty; give the rule a name"),
    action: z.enum(actions),
    description: z.string().optional(),
    enabled: z.boolean().default(false),
    filters: z
        .array(z.enum(["http", "dns", "l4", "egress", "dns_resolver"]))
        .max(1, "has more than one value; a rule is of one kind")
        .optional(),
    traffic: z.string().default(""),
    identity: z.string().default(""),
    device_posture: z.string().default(""),
    precedence: z.int().optional(),
    rule_settings: z.record(z.string(), z.unknown()).optional(),
    schedule: z.record(z.string(), z.unknown()).optional(),
    expiration: z.record(z.string(), z.unknown()).optional(),
});

/** The rules that the edge here asks have to be understood; those about HTTP and the like are kept unread. */
const body = fields.superRefine((rule, context) => {
    const kind = rule.filters?.[0];
    if (kind !== undefined && kind !== "l4" && kind !== "dns") {
        return;
    }
    for (const path of ["traffic", "identity", "device_posture"] as const) {
        const message = expressionProblem(rule[path]);
        if (message !== undefined) {
            context.addIssue({ code: "custom", path: [path], message });
        }
    }
});

/** A Gateway policy. */
export interface GatewayRule extends z.infer<typeof fields> {
    readonly id: string;
    readonly precedence: number;
    readonly version: number;
    readonly created_at: string;
    readonly updated_at: string;
    readonly deleted_at: null;
}

export const gatewayRules = defineTable<GatewayRule>("gatewayRules");

/**
 * Gateway rules. Cloudflare reformats expressions and moves precedences; here they stay as they were given. How it words its refusal of an
 * expression is not verified.
 */
export const gatewayRuleEndpoints: readonly Endpoint[] = collection<GatewayRule>({
    table: gatewayRules,
    at: accountLevel,
    path: "/gateway/rules",
    idParam: ":gateway_rule_id",
    notFound: () => new ApiError(404, { code: 2053, message: "Rule not found" }),
    create: (request) => {
        const given = request.body(body);
        const now = request.now();
        const last = Math.max(
            0,
            ...request
                .table(gatewayRules)
                .all()
                .map(({ precedence }) => precedence),
        );
        return {
            ...given,
            precedence: given.precedence ?? last + 1000,
            id: newUuid(),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: null,
        };
    },
    update: (request, current) => {
        const given = request.body(body);
        return {
            ...given,
            precedence: given.precedence ?? current.precedence,
            id: current.id,
            version: current.version + 1,
            created_at: current.created_at,
            updated_at: request.now(),
            deleted_at: null,
        };
    },
    present: (rule) => ({ ...rule, read_only: false, sharable: false, source_account: null, warning_status: null }),
});

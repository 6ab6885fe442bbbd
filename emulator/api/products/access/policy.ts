import { z } from "zod";
import { goDuration } from "../../http/validation.ts";
import { defineTable } from "../../store/store.ts";
import { ruleLists } from "./rules.ts";

/** The properties of a policy, reusable or written inside an application. */
export const policyProperties = {
    ...ruleLists,
    name: z.string().min(1, "is empty; give the policy a name"),
    decision: z.enum(["allow", "deny", "non_identity", "bypass"]),
    session_duration: goDuration.optional(),
    approval_required: z.boolean().optional(),
    approval_groups: z
        .array(
            z.strictObject({
                approvals_needed: z.number(),
                email_addresses: z.array(z.string()).optional(),
                email_list_uuid: z.string().optional(),
            }),
        )
        .optional(),
    isolation_required: z.boolean().optional(),
    purpose_justification_required: z.boolean().optional(),
    purpose_justification_prompt: z.string().optional(),
    connection_rules: z.record(z.string(), z.unknown()).optional(),
    mfa_config: z.record(z.string(), z.unknown()).optional(),
};
export const policyBody = z.strictObject(policyProperties);

export type PolicyBody = z.infer<typeof policyBody>;

/** A reusable policy: any number of applications can hold it. */
export interface AccessPolicy extends PolicyBody {
    readonly id: string;
    readonly reusable: true;
    readonly created_at: string;
    readonly updated_at: string;
}

export const policies = defineTable<AccessPolicy>("accessPolicies");

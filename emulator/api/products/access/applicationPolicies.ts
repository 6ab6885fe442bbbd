import { z } from "zod";
import type { ApiRequest } from "../../http/endpoint.ts";
import { mistakeAt } from "../../http/validation.ts";
import { newUuid } from "../../identifiers.ts";
import { invalidAccessRequest } from "./accessErrors.ts";
import { type AccessApplication, applications } from "./application.ts";
import { ownScopes } from "./ownScopes.ts";
import { type AccessPolicy, policies, policyProperties } from "./policy.ts";
import { checkGroupReferences } from "./rules.ts";

const precedence = z.int().min(1).optional();
const reference = z.strictObject({ id: z.string(), precedence });
const inline = z.strictObject({ ...policyProperties, precedence });

/** An application's list of policies: references by id (alone or with a precedence), or policies of its own. */
export const policyList = z.array(z.union([z.string().transform((id) => ({ id })), z.record(z.string(), z.unknown())]));

/** A policy as an application's row holds it: a reference to a reusable one, or a whole one of its own. */
export type AttachedPolicy =
    | { readonly id: string; readonly precedence: number; readonly own?: undefined }
    | { readonly id: string; readonly precedence: number; readonly own: Readonly<Record<string, unknown>> };

/**
 * Checks an application's policies and puts them in order of precedence. A policy without one takes its place in the
 * list.
 *
 * @throws ApiError for a reference to nothing, two equal precedences, or one object that is both a reference and a policy.
 */
export function attachPolicies(request: ApiRequest, list: z.infer<typeof policyList>): AttachedPolicy[] {
    const attached = list.map((item, index) => attach(request, item, index));
    if (new Set(attached.map((policy) => policy.precedence)).size < attached.length) {
        throw invalidAccessRequest([mistakeAt([], "policy precedences must be unique")]);
    }
    return attached.sort((one, other) => one.precedence - other.precedence);
}

/** The policies in full, in order of precedence, as every answer about an application lists them. */
export function expandPolicies(request: ApiRequest, attached: readonly AttachedPolicy[]): unknown[] {
    const reusable = request.services.store.table(request.scope.accountId, policies);
    return attached.flatMap(({ id, precedence: place, own }) => {
        const policy = reusable.get(id);
        if (own !== undefined) {
            return { ...own, id, precedence: place };
        }
        return policy === undefined ? [] : { ...presentPolicy(policy, request), precedence: place };
    });
}

/** The applications, of the account and of its zones, that hold a reusable policy. */
export function applicationsWithPolicy(request: ApiRequest, policyId: string): AccessApplication[] {
    const { store } = request.services;
    return ownScopes(request)
        .flatMap((scope) => store.table(scope, applications).all())
        .filter((application) => application.policies.some(({ id }) => id === policyId));
}

/** A policy as clients see it, with the number of applications that hold it. */
export function presentPolicy(policy: AccessPolicy, request: ApiRequest): Record<string, unknown> {
    return { ...policy, app_count: applicationsWithPolicy(request, policy.id).length };
}

function attach(request: ApiRequest, item: z.infer<typeof policyList>[number], index: number): AttachedPolicy {
    if (!("id" in item)) {
        const own = checked(inline, item, index);
        checkGroupReferences(request, own);
        return { id: newUuid(), precedence: own.precedence ?? index + 1, own: { ...own, reusable: false } };
    }
    const { id, precedence: place } = checked(reference, item, index);
    const { store } = request.services;
    if (store.table(request.scope.accountId, policies).get(id) === undefined) {
        throw invalidAccessRequest([mistakeAt(["policies", index, "id"], "is not the id of a reusable policy")]);
    }
    return { id, precedence: place ?? index + 1 };
}

function checked<Schema extends z.ZodType>(schema: Schema, item: unknown, index: number): z.infer<Schema> {
    const result = schema.safeParse(item);
    if (result.success) {
        return result.data;
    }
    throw invalidAccessRequest(
        result.error.issues.flatMap((issue) => {
            const at = ["policies", index, ...issue.path];
            return issue.code === "unrecognized_keys"
                ? issue.keys.map((key) => mistakeAt([...at, key], "does not go with what else is in this policy"))
                : [mistakeAt(at, issue.message)];
        }),
    );
}

import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { accessConflict, accessNotFound, invalidAccessRequest } from "./accessErrors.ts";
import { applicationsWithPolicy, presentPolicy } from "./applicationPolicies.ts";
import { type AccessPolicy, type PolicyBody, policies, policyBody } from "./policy.ts";
import { checkGroupReferences } from "./rules.ts";

/** Reusable policies; an account's only, zones have none. One that an application holds cannot be deleted. */
export const accessPolicyEndpoints: readonly Endpoint[] = collection<AccessPolicy>({
    table: policies,
    at: accountLevel,
    path: "/access/policies",
    idParam: ":policy_id",
    pageSizes: { default: 25, max: 1000 },
    notFound: accessNotFound,
    create: (request) => {
        const now = request.now();
        return { ...checkedBody(request), id: newUuid(), reusable: true, created_at: now, updated_at: now };
    },
    update: (request, { id, created_at }) => ({
        ...checkedBody(request),
        id,
        reusable: true,
        created_at,
        updated_at: request.now(),
    }),
    beforeDelete: (request, { id }) => {
        const users = applicationsWithPolicy(request, id);
        if (users.length > 0) {
            // The status is documented; the text is not verified.
            const names = users.map(({ name }) => name).join(", ");
            throw accessConflict(`policy is used by ${users.length} application(s): ${names}`);
        }
    },
    present: presentPolicy,
});

function checkedBody(request: ApiRequest): PolicyBody {
    const checked = request.body(policyBody, invalidAccessRequest);
    checkGroupReferences(request, checked);
    return { ...checked, require: checked.require ?? [], exclude: checked.exclude ?? [] };
}

import { z } from "zod";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountOrZoneLevel, type Endpoint } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { accessNotFound, accessQuota, invalidAccessRequest } from "./accessErrors.ts";
import { type AccessGroup, groups } from "./group.ts";
import { refuseWhileReferred } from "./ruleReferences.ts";
import { checkGroupReferences, ruleLists } from "./rules.ts";

const body = z.strictObject({ ...ruleLists, name: z.string().min(1).max(350), is_default: z.boolean().optional() });

/** Groups: named sets of rules, of an account or of a zone. */
export const accessGroupEndpoints: readonly Endpoint[] = collection<AccessGroup>({
    table: groups,
    at: accountOrZoneLevel,
    path: "/access/groups",
    idParam: ":group_id",
    pageSizes: { default: 25, max: 1000 },
    notFound: accessNotFound,
    quota: { limit: 300, exceeded: accessQuota("groups") },
    create: (request) => {
        const now = request.now();
        return { ...checkedBody(request), id: newUuid(), created_at: now, updated_at: now };
    },
    update: (request, { id, created_at }) => ({
        ...checkedBody(request),
        id,
        created_at,
        updated_at: request.now(),
    }),
    beforeDelete: (request, { id }) => refuseWhileReferred(request, "group", ({ group }) => group?.id === id),
    list: (request, rows) => {
        const name = request.query.get("name");
        return rows.filter((group) => (name ?? group.name) === group.name);
    },
});

function checkedBody(request: ApiRequest): Omit<AccessGroup, "id" | "created_at" | "updated_at"> {
    const checked = request.body(body, invalidAccessRequest);
    checkGroupReferences(request, checked);
    return { ...checked, require: checked.require ?? [], exclude: checked.exclude ?? [] };
}

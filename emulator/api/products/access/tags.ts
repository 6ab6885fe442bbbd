import { z } from "zod";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { defineTable } from "../../store/store.ts";
import { accessConflict, accessNotFound, invalidAccessRequest } from "./accessErrors.ts";
import { applications } from "./application.ts";

/** A label for applications. Its name is its id. */
interface AccessTag {
    readonly id: string;
    readonly created_at: string;
    readonly updated_at: string;
}

const tags = defineTable<AccessTag>("accessTags");

const body = z.strictObject({ name: z.string().min(1, "is empty; give the tag a name").max(35) });

/** Tags: the only objects of Access that are addressed by their name. */
export const accessTagEndpoints: readonly Endpoint[] = collection<AccessTag>({
    table: tags,
    at: accountLevel,
    path: "/access/tags",
    idParam: ":tag_name",
    pageSizes: { default: 25, max: 1000 },
    notFound: accessNotFound,
    create: (request) => {
        const { name } = request.body(body, invalidAccessRequest);
        if (request.table(tags).get(name) !== undefined) {
            throw accessConflict(`a tag named ${name} already exists`);
        }
        const now = request.now();
        return { id: name, created_at: now, updated_at: now };
    },
    update: (request, current) => {
        const { name } = request.body(body, invalidAccessRequest);
        if (name !== current.id) {
            request.table(tags).delete(current.id);
        }
        return { ...current, id: name, updated_at: request.now() };
    },
    present: (tag, request) => {
        const { id: name, ...rest } = tag;
        return { name, app_count: applicationsTagged(request, name), ...rest };
    },
    deleted: ({ id: name }) => ({ name }),
});

function applicationsTagged(request: ApiRequest, tag: string): number {
    return request
        .table(applications)
        .filter(({ settings }) => Array.isArray(settings.tags) && settings.tags.includes(tag)).length;
}

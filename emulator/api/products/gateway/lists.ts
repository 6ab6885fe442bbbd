import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";

const fields = {
    name: z.string().min(1, "is empty; give the list a name"),
    description: z.string().optional(),
    items: z.array(z.strictObject({ value: z.string().min(1), description: z.string().optional() })).optional(),
};
const listType = z.enum(["SERIAL", "URL", "DOMAIN", "EMAIL", "IP", "CATEGORY", "LOCATION", "DEVICE"]);
const creation = z.strictObject({ ...fields, type: listType });
const change = z.strictObject({ ...fields, type: listType.optional() });

/** A list of values that Gateway rules and Access policies refer to. */
export interface GatewayList extends z.infer<typeof creation> {
    readonly id: string;
    readonly created_at: string;
    readonly updated_at: string;
}

export const gatewayLists = defineTable<GatewayList>("gatewayLists");

/** Zero Trust lists. A PUT without `items` leaves them as they are. */
export const gatewayListEndpoints: readonly Endpoint[] = collection<GatewayList>({
    table: gatewayLists,
    at: accountLevel,
    path: "/gateway/lists",
    idParam: ":list_id",
    notFound: () => new ApiError(404, { code: 2054, message: "List not found" }),
    create: (request) => {
        const now = request.now();
        return { ...request.body(creation), id: newUuid(), created_at: now, updated_at: now };
    },
    update: (request, current) => {
        const { type: _, ...given } = request.body(change);
        return { ...current, ...given, updated_at: request.now() };
    },
    present: (list) => ({ ...list, count: list.items?.length ?? 0 }),
    list: (request, rows) => {
        const type = request.query.get("type");
        return rows.filter((list) => (type ?? list.type) === list.type);
    },
});

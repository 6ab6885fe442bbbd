import { z } from "zod";
import { type ApiRequest, type Endpoint, endpoints, zoneLevel } from "../../http/endpoint.ts";
import { defineTable } from "../../store/store.ts";

/** A zone's Argo Smart Routing setting. The row's id is the zone's. */
interface SmartRouting {
    readonly id: string;
    readonly value: "on" | "off";
    readonly modified_on: string | null;
}

const smartRouting = defineTable<SmartRouting>("smartRouting");

const body = z.strictObject({ value: z.enum(["on", "off"]) });

const path = "/argo/smart_routing";

/** Argo Smart Routing: one switch per zone, off until it is set. */
export const smartRoutingEndpoints: readonly Endpoint[] = [
    ...endpoints(zoneLevel, "GET", path, (request) => ({
        result: shown(
            request.table(smartRouting).get(request.scope.id) ?? {
                id: request.scope.id,
                value: "off",
                modified_on: null,
            },
        ),
    })),
    ...endpoints(zoneLevel, "PATCH", path, (request: ApiRequest) => ({
        result: shown(
            request
                .table(smartRouting)
                .put({ ...request.body(body), id: request.scope.id, modified_on: request.now() }),
        ),
    })),
];

function shown({ value, modified_on }: SmartRouting): unknown {
    return { id: "smart_routing", editable: true, value, modified_on };
}

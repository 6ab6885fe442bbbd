import ipaddr from "ipaddr.js";
import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { invalidRequest, mistakeAt } from "../../http/validation.ts";
import { newUuid } from "../../identifiers.ts";
import { tunnels } from "../tunnels/tunnel.ts";
import { hostnameRoutes, type NetworkRoute, networkRoutes, virtualNetworks } from "./tables.ts";
import { defaultVirtualNetworkId } from "./virtualNetworks.ts";

const network = z
    .string()
    .refine(
        (text) => ipaddr.isValidCIDR(text),
        "is not a network; write an address and a prefix length, for example 10.20.0.0/16",
    );

const creation = z.strictObject({
    network,
    tunnel_id: z.uuid(),
    virtual_network_id: z.uuid().optional(),
    comment: z.string().max(100).default(""),
});
const change = z.strictObject({
    network: network.optional(),
    tunnel_id: z.uuid().optional(),
    virtual_network_id: z.uuid().optional(),
    comment: z.string().max(100).optional(),
});

/**
 * Private network routes (`teamnet/routes`). Deleting a tunnel deletes its routes; deleting such a route afterwards is a
 * 404, as with Cloudflare.
 */
export const networkRouteEndpoints: readonly Endpoint[] = collection<NetworkRoute>({
    table: networkRoutes,
    at: accountLevel,
    path: "/teamnet/routes",
    idParam: ":route_id",
    updateMethod: "PATCH",
    pageSizes: { default: 20, max: 1000 },
    notFound: () =>
        new ApiError(404, {
            code: 1015,
            message:
                "You are trying to modify the route for a network that isn't routed. Use the create route operation instead",
        }),
    create: (request) => {
        const body = request.body(creation);
        const route: NetworkRoute = {
            id: newUuid(),
            comment: body.comment,
            network: body.network,
            tunnel_id: body.tunnel_id,
            virtual_network_id: body.virtual_network_id ?? defaultVirtualNetworkId(request),
            created_at: request.now(),
            deleted_at: null,
        };
        checkReferences(request, route);
        return route;
    },
    update: (request, current) => {
        const route = { ...current, ...request.body(change) };
        checkReferences(request, route);
        return route;
    },
    deleted: (route) => route,
    list: (request, rows) => rows.filter(routeFilter(request)),
    present: (route, request) => {
        const tunnel = request.table(tunnels).get(route.tunnel_id);
        const virtualNetwork = request.table(virtualNetworks).get(route.virtual_network_id);
        return {
            ...route,
            tun_type: "cfd_tunnel",
            tunnel_name: tunnel?.name,
            virtual_network_name: virtualNetwork?.name,
        };
    },
});

/** Drops the routes through a tunnel that is being deleted. */
export function deleteRoutesOf(request: ApiRequest, tunnelId: string): void {
    const routes = request.table(networkRoutes);
    for (const route of routes.filter(({ tunnel_id }) => tunnel_id === tunnelId)) {
        routes.delete(route.id);
    }
    const names = request.table(hostnameRoutes);
    for (const route of names.filter(({ tunnel_id }) => tunnel_id === tunnelId)) {
        names.delete(route.id);
    }
}

function checkReferences(request: ApiRequest, route: NetworkRoute): void {
    const mistakes = [];
    const tunnel = request.table(tunnels).get(route.tunnel_id);
    if (tunnel === undefined || tunnel.deleted_at !== null) {
        mistakes.push(mistakeAt(["tunnel_id"], "is not the id of a tunnel in this account"));
    }
    if (request.table(virtualNetworks).get(route.virtual_network_id) === undefined) {
        mistakes.push(mistakeAt(["virtual_network_id"], "is not the id of a virtual network in this account"));
    }
    if (mistakes.length > 0) {
        throw invalidRequest(mistakes);
    }
    const taken = request
        .table(networkRoutes)
        .find(
            ({ id, network, virtual_network_id }) =>
                id !== route.id &&
                sameNetwork(network, route.network) &&
                virtual_network_id === route.virtual_network_id,
        );
    if (taken !== undefined) {
        // The text is documented, the code is not verified.
        throw new ApiError(409, {
            code: 1014,
            message: "You already have a route defined for this exact IP subnet",
        });
    }
}

function sameNetwork(one: string, other: string): boolean {
    const [a, b] = [ipaddr.parseCIDR(one), ipaddr.parseCIDR(other)];
    return a[1] === b[1] && a[0].toString() === b[0].toString();
}

function routeFilter({ query }: ApiRequest): (route: NetworkRoute) => boolean {
    const equals = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
    const network = (name: string, test: (asked: string) => boolean): boolean => {
        const asked = query.get(name);
        return asked === null || (ipaddr.isValidCIDR(asked) && test(asked));
    };
    return (route) =>
        equals("tunnel_id", route.tunnel_id) &&
        equals("virtual_network_id", route.virtual_network_id) &&
        equals("comment", route.comment) &&
        equals("route_id", route.id) &&
        network("network_superset", (asked) => contained(asked, route.network)) &&
        network("network_subset", (asked) => contained(route.network, asked)) &&
        // Deleted routes are not kept, so the two remaining answers are all of them and none.
        query.get("is_deleted") !== "true";
}

/** True when the first network lies in the second, or is it. */
function contained(inner: string, outer: string): boolean {
    const [innerAddress, innerLength] = ipaddr.parseCIDR(inner);
    const [outerAddress, outerLength] = ipaddr.parseCIDR(outer);
    return (
        innerAddress.kind() === outerAddress.kind() &&
        innerLength >= outerLength &&
        innerAddress.match(outerAddress, outerLength)
    );
}

import { ApiError } from "../../http/apiError.ts";
import { accountLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { singlePage } from "../../http/paging.ts";
import { liveTunnel } from "./tunnels.ts";
import { clientView } from "./tunnelView.ts";

/** The connectors that run a tunnel, as the edge reports them, and the order to drop them. */
export const tunnelConnectionEndpoints: readonly Endpoint[] = [
    ...endpoints(accountLevel, "GET", "/cfd_tunnel/:tunnel_id/connections", (request) =>
        request.page(request.services.tunnels.clients(liveTunnel(request).id), singlePage, clientView),
    ),
    ...endpoints(accountLevel, "DELETE", "/cfd_tunnel/:tunnel_id/connections", (request) => {
        request.services.tunnels.disconnect(liveTunnel(request).id, request.query.get("client_id") ?? undefined);
        return { result: null };
    }),
    ...endpoints(accountLevel, "GET", "/cfd_tunnel/:tunnel_id/connectors/:connector_id", (request) => {
        const wanted = request.param("connector_id");
        const client = request.services.tunnels.clients(liveTunnel(request).id).find(({ id }) => id === wanted);
        if (client === undefined) {
            throw new ApiError(404, { code: 1002, message: "Connector not found" });
        }
        return { result: clientView(client) };
    }),
];

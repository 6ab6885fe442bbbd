import { ApiError } from "../../http/apiError.ts";
import { type ApiRequest, accountLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { type Mistake, withPointer, worded } from "../../http/validation.ts";
import { configurationBody, orderMistake } from "./ingress.ts";
import { type StoredTunnelConfiguration, type Tunnel, tunnelConfigurations } from "./tunnel.ts";
import { liveTunnel } from "./tunnels.ts";

/**
 * The configuration that a tunnel's connectors take from Cloudflare: one document per tunnel, replaced as a whole, given
 * back exactly as it came. Its version grows with each PUT, even with an equal one: connectors compare versions only.
 */
export const tunnelConfigurationEndpoints: readonly Endpoint[] = [
    ...endpoints(accountLevel, "PUT", "/cfd_tunnel/:tunnel_id/configurations", (request) => {
        const tunnel = liveTunnel(request);
        const body = request.body(configurationBody, badConfiguration);
        const mistake = orderMistake(body.config.ingress ?? []);
        if (mistake !== undefined) {
            throw new ApiError(400, { code: badConfigurationCode, message: refusal(mistake) });
        }
        const table = request.table(tunnelConfigurations);
        const stored = table.put({
            id: tunnel.id,
            config: body.config,
            source: body.source ?? "cloudflare",
            version: (table.get(tunnel.id)?.version ?? 0) + 1,
            created_at: request.now(),
        });
        request.services.tunnels.configurationStored(tunnel.id, stored);
        return { result: viewOf(stored, request) };
    }),
    ...endpoints(accountLevel, "GET", "/cfd_tunnel/:tunnel_id/configurations", (request) => {
        const tunnel = liveTunnel(request);
        const stored = request.table(tunnelConfigurations).get(tunnel.id);
        return { result: viewOf(stored ?? unset(tunnel), request) };
    }),
];

/** What a tunnel without a configuration answers; the version of this case is not verified. */
function unset(tunnel: Tunnel): Omit<StoredTunnelConfiguration, "config"> & { config: null } {
    return { id: tunnel.id, config: null, source: tunnel.config_src, version: 0, created_at: tunnel.created_at };
}

function viewOf(stored: ReturnType<typeof unset> | StoredTunnelConfiguration, request: ApiRequest): unknown {
    const { id, ...shown } = stored;
    return { account_id: request.scope.accountId, tunnel_id: id, ...shown };
}

/** The text is documented, the code is not verified. */
const badConfigurationCode = 1056;

const refusal = (mistake: string): string => `Bad Configuration: Validation failed: ${mistake}`;

function badConfiguration(mistakes: readonly Mistake[]): ApiError {
    return new ApiError(
        400,
        mistakes.map((mistake) =>
            withPointer({ code: badConfigurationCode, message: refusal(worded(mistake)) }, mistake),
        ),
    );
}

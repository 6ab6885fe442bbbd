import type { Hono } from "hono";
import { notRoutable } from "./http/apiError.ts";
import { ApiRequest, type Endpoint, type Scope } from "./http/endpoint.ts";
import { success } from "./http/envelope.ts";
import type { RouteBindings } from "./http/gateway.ts";
import { hexIdPattern, uuidPattern } from "./identifiers.ts";
import { accessApplicationEndpoints } from "./products/access/applications.ts";
import { certificateSettingsEndpoints } from "./products/access/certificateSettings.ts";
import { accessCertificateEndpoints } from "./products/access/certificates.ts";
import { accessGroupEndpoints } from "./products/access/groups.ts";
import { identityProviderEndpoints } from "./products/access/identityProviders.ts";
import { organizationEndpoints } from "./products/access/organizations.ts";
import { accessPolicyEndpoints } from "./products/access/policies.ts";
import { serviceTokenEndpoints } from "./products/access/serviceTokens.ts";
import { shortLivedCertificateEndpoints } from "./products/access/shortLivedCertificates.ts";
import { accessTagEndpoints } from "./products/access/tags.ts";
import { accountEndpoints, accounts, rootScope } from "./products/accounts.ts";
import { notificationPolicyEndpoints } from "./products/alerting/notificationPolicies.ts";
import { auditLogEndpoints } from "./products/auditLogs.ts";
import { customProfileEndpoints } from "./products/devices/customProfiles.ts";
import { deviceProfileEndpoints } from "./products/devices/defaultProfile.ts";
import { devicePostureEndpoints } from "./products/devices/postureRules.ts";
import { dnsRecordEndpoints } from "./products/dns/dnsRecords.ts";
import { hostnameRouteEndpoints } from "./products/dns/hostnameRoutes.ts";
import { smartRoutingEndpoints } from "./products/dns/smartRouting.ts";
import { zoneEndpoints, zones } from "./products/dns/zones.ts";
import { gatewayListEndpoints } from "./products/gateway/lists.ts";
import { gatewayRuleEndpoints } from "./products/gateway/rules.ts";
import { privateHostnameEndpoints } from "./products/networks/hostnameRoutes.ts";
import { infrastructureTargetEndpoints } from "./products/networks/infrastructureTargets.ts";
import { networkRouteEndpoints } from "./products/networks/routes.ts";
import { virtualNetworkEndpoints } from "./products/networks/virtualNetworks.ts";
import { tunnelConfigurationEndpoints } from "./products/tunnels/configurations.ts";
import { tunnelConnectionEndpoints } from "./products/tunnels/connections.ts";
import { tunnelEndpoints } from "./products/tunnels/tunnels.ts";
import type { Services } from "./services.ts";

/**
 * Every endpoint that is served. A new product is a file below `products/` that exports its endpoints, and a line here;
 * a fixed segment stands before a pattern that would match it too.
 */
const served: readonly Endpoint[] = [
    ...accountEndpoints,
    ...auditLogEndpoints,
    ...zoneEndpoints,
    ...dnsRecordEndpoints,
    ...hostnameRouteEndpoints,
    ...smartRoutingEndpoints,
    ...tunnelEndpoints,
    ...tunnelConfigurationEndpoints,
    ...tunnelConnectionEndpoints,
    ...networkRouteEndpoints,
    ...privateHostnameEndpoints,
    ...virtualNetworkEndpoints,
    ...infrastructureTargetEndpoints,
    ...organizationEndpoints,
    ...shortLivedCertificateEndpoints,
    ...accessApplicationEndpoints,
    ...accessPolicyEndpoints,
    ...accessGroupEndpoints,
    ...serviceTokenEndpoints,
    ...identityProviderEndpoints,
    ...certificateSettingsEndpoints,
    ...accessCertificateEndpoints,
    ...accessTagEndpoints,
    ...devicePostureEndpoints,
    ...notificationPolicyEndpoints,
    ...deviceProfileEndpoints,
    ...customProfileEndpoints,
    ...gatewayRuleEndpoints,
    ...gatewayListEndpoints,
];

/** Puts every endpoint into the application, below the API's base path. */
export function mountApi(app: Hono<{ Bindings: RouteBindings }>, basePath: string, services: Services): void {
    for (const { method, path: pattern, handle } of served) {
        app.on(method, `${basePath}${pattern}`, (context) => {
            const path = context.req.path.slice(basePath.length);
            const params: Record<string, string> = context.req.param();
            if (!Object.entries(params).every(([name, value]) => hasShape(name, value))) {
                throw notRoutable(path);
            }
            const request = new ApiRequest({
                method,
                path,
                params,
                query: new URL(context.req.url).searchParams,
                body: context.env.body,
                scope: scopeOf(pattern, params, path, services),
                services,
            });
            return success(handle(request));
        });
    }
}

const hexIds = new Set(["account_id", "zone_id", "dns_record_id"]);

/** Whether a part of a path looks like the id that belongs there; names are free. */
function hasShape(name: string, value: string): boolean {
    return !name.endsWith("_id") || (hexIds.has(name) ? hexIdPattern : uuidPattern).test(value);
}

function scopeOf(pattern: string, params: Readonly<Record<string, string>>, path: string, services: Services): Scope {
    const { account_id: accountId, zone_id: zoneId } = params;
    if (pattern.startsWith("/accounts/:") && accountId !== undefined) {
        if (services.store.table(rootScope, accounts).get(accountId) === undefined) {
            throw notRoutable(path);
        }
        return { id: accountId, accountId };
    }
    if (pattern.startsWith("/zones/:") && zoneId !== undefined) {
        const zone = services.store.table(rootScope, zones).get(zoneId);
        if (zone === undefined) {
            throw notRoutable(path);
        }
        return { id: zoneId, accountId: zone.account.id };
    }
    return { id: rootScope, accountId: rootScope };
}

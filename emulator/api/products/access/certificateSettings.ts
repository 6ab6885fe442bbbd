import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { type ApiRequest, accountOrZoneLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { singlePage } from "../../http/paging.ts";
import { defineTable } from "../../store/store.ts";
import { rootScope } from "../accounts.ts";
import { zones } from "../dns/zones.ts";
import { invalidAccessRequest } from "./accessErrors.ts";

const setting = z.strictObject({
    hostname: z.string().min(1, "is empty; name the host"),
    client_certificate_forwarding: z.boolean(),
    china_network: z.boolean(),
});
const body = z.strictObject({ settings: z.array(setting) });

/** What holds for one host name that asks for client certificates. The row's id is the host name. */
interface CertificateSetting {
    readonly id: string;
    readonly client_certificate_forwarding: boolean;
    readonly china_network: boolean;
}

const certificateSettings = defineTable<CertificateSetting>("accessCertificateSettings");

const path = "/access/certificates/settings";

/**
 * Settings of mutual TLS by host name. There is no delete: a name is reset by writing both switches as false. Whether a PUT keeps
 * the names that it leaves out is not verified; here it does.
 */
export const certificateSettingsEndpoints: readonly Endpoint[] = [
    ...endpoints(accountOrZoneLevel, "GET", path, list),
    ...endpoints(accountOrZoneLevel, "PUT", path, (request) => {
        const { settings } = request.body(body, invalidAccessRequest);
        refuseForeignHostnames(
            request,
            settings.map(({ hostname }) => hostname),
        );
        for (const { hostname: id, ...switches } of settings) {
            request.table(certificateSettings).put({ id, ...switches });
        }
        return list(request);
    }),
];

function list(request: ApiRequest) {
    return request.page(request.table(certificateSettings).all(), singlePage, ({ id: hostname, ...switches }) => ({
        hostname,
        ...switches,
    }));
}

/** @throws ApiError 12036 (seen in cloudflare/terraform-provider-cloudflare#4520) for a name outside the zone or the account's zones. */
function refuseForeignHostnames({ scope, services }: ApiRequest, hostnames: readonly string[]): void {
    const own = services.store
        .table(rootScope, zones)
        .filter(({ id, account }) => (scope.id === scope.accountId ? account.id === scope.accountId : id === scope.id));
    const isOwn = (hostname: string) => own.some(({ name }) => hostname === name || hostname.endsWith(`.${name}`));
    if (!hostnames.every(isOwn)) {
        throw new ApiError(400, { code: 12036, message: "access.api.error.hostnames_must_belong_to_your_domain" });
    }
}

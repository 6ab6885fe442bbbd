import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { defaultVirtualNetworkId } from "./virtualNetworks.ts";

interface TargetAddress {
    readonly ip_addr: string;
    readonly virtual_network_id: string;
}

/** A server that an infrastructure application (SSH, RDP) leads to. */
interface InfrastructureTarget {
    readonly id: string;
    readonly hostname: string;
    readonly ip: { readonly ipv4?: TargetAddress | undefined; readonly ipv6?: TargetAddress | undefined };
    readonly created_at: string;
    readonly modified_at: string;
}

const targets = defineTable<InfrastructureTarget>("infrastructureTargets");

const address = (test: (value: string) => boolean, family: string) =>
    z.strictObject({
        ip_addr: z.string().refine(test, `is not an ${family} address`),
        virtual_network_id: z.uuid().optional(),
    });

const body = z.strictObject({
    hostname: z
        .string()
        .max(255)
        .regex(
            /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i,
            "takes letters, digits, - and . and starts and ends with a letter or digit",
        ),
    ip: z
        .strictObject({ ipv4: address(isIPv4, "IPv4").optional(), ipv6: address(isIPv6, "IPv6").optional() })
        .refine(({ ipv4, ipv6 }) => ipv4 !== undefined || ipv6 !== undefined, "is empty; give ipv4, ipv6 or both"),
});

/** Infrastructure targets. An address without a virtual network gets the account's default one. */
export const infrastructureTargetEndpoints: readonly Endpoint[] = collection<InfrastructureTarget>({
    table: targets,
    at: accountLevel,
    path: "/infrastructure/targets",
    idParam: ":target_id",
    pageSizes: { default: 25, max: 1000 },
    notFound: () => new ApiError(404, { code: 1000, message: "Target not found" }),
    create: (request) => {
        const now = request.now();
        return { ...completed(request), id: newUuid(), created_at: now, modified_at: now };
    },
    update: (request, { id, created_at }) => ({
        ...completed(request),
        id,
        created_at,
        modified_at: request.now(),
    }),
    list: (request, rows) => {
        const hostname = request.query.get("hostname");
        return rows.filter((target) => (hostname ?? target.hostname) === target.hostname);
    },
});

function completed(request: ApiRequest): Pick<InfrastructureTarget, "hostname" | "ip"> {
    const { hostname, ip } = request.body(body);
    const inNetwork = (given: { ip_addr: string; virtual_network_id?: string | undefined }): TargetAddress => ({
        ip_addr: given.ip_addr,
        virtual_network_id: given.virtual_network_id ?? defaultVirtualNetworkId(request),
    });
    return {
        hostname,
        ip: {
            ...(ip.ipv4 === undefined ? {} : { ipv4: inNetwork(ip.ipv4) }),
            ...(ip.ipv6 === undefined ? {} : { ipv6: inNetwork(ip.ipv6) }),
        },
    };
}

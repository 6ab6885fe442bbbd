/** Functions: the lookups that stacks make. Without a network they answer with stand-ins of the right shape. */
import { createHash } from "node:crypto";
import { isObject, type PropertyMap, type ProviderFunction, type Value } from "../../plugin/provider.ts";
import type { CloudflareClient } from "./client.ts";
import { fromWire, SNAKE_CASE, toWire } from "./naming.ts";

/** As many as the official provider lists without `maxItems`. */
const MAX_ITEMS = 1000;

export function cloudflareFunctions(connect: () => CloudflareClient): Record<string, ProviderFunction> {
    const get = async (path: string) => camelMap(await connect().request("GET", path));

    /** Pages until one is empty, as the official client does. */
    const list = async (path: string, query: PropertyMap, maxItems: Value | undefined): Promise<PropertyMap[]> => {
        const most = typeof maxItems === "number" ? maxItems : MAX_ITEMS;
        const items: PropertyMap[] = [];
        for (let page = 1; items.length < most; page++) {
            const result = await connect().request("GET", `${path}?${queryString({ ...query, page })}`);
            if (!Array.isArray(result) || result.length === 0) {
                break;
            }
            items.push(...result.map(camelMap));
        }
        return items.slice(0, most);
    };

    const findOne = async (path: string, args: PropertyMap, offline: (name: string) => PropertyMap) => {
        const filter = isObject(args.filter) ? args.filter : {};
        const id = args.zoneId ?? args.accountId;
        if (connect().offline) {
            return { ...offline(String(filter.name ?? id)), ...(typeof id === "string" && { id }) };
        }
        if (typeof id === "string") {
            return get(`${path}/${encodeURIComponent(id)}`);
        }
        const found = await list(path, filter, undefined);
        if (found.length !== 1) {
            throw new Error(`${found.length} of ${path} match 'filter'; narrow it down to one`);
        }
        return get(`${path}/${textOf(found[0] ?? {}, "id")}`);
    };

    const listAll = async (path: string, args: PropertyMap, offline: (name: string) => PropertyMap) => {
        const { maxItems, ...query } = args;
        const results = connect().offline
            ? [offline(typeof args.name === "string" ? args.name : "offline.invalid")]
            : await list(path, query, maxItems);
        return { outputs: { ...args, id: path, results } };
    };

    return {
        "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken": async (args) => {
            const [accountId, tunnelId] = [textOf(args, "accountId"), textOf(args, "tunnelId")];
            const token = connect().offline
                ? offlineToken(accountId, tunnelId)
                : await connect().request("GET", `accounts/${accountId}/cfd_tunnel/${tunnelId}/token`);
            return { outputs: { ...args, id: tunnelId, token }, secrets: ["token"] };
        },
        "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization": async (args) => {
            const [scope, id] = args.zoneId === undefined ? ["accounts", "accountId"] : ["zones", "zoneId"];
            const organization = connect().offline
                ? {}
                : await get(`${scope}/${encodeURIComponent(textOf(args, id))}/access/organizations`);
            return { outputs: { ...organization, ...args, id: textOf(args, id) } };
        },
        "cloudflare:index/getZeroTrustTunnelCloudflareds:getZeroTrustTunnelCloudflareds": async (args) => {
            const { accountId: _, maxItems, ...filter } = args;
            const path = `accounts/${textOf(args, "accountId")}/cfd_tunnel`;
            const query = toWire(filter, SNAKE_CASE);
            const results = connect().offline
                ? [offlineTunnel(textOf(args, "name"))]
                : await list(path, isObject(query) ? query : {}, maxItems);
            return { outputs: { ...args, id: path, results } };
        },
        "cloudflare:index/getZone:getZone": async (args) => {
            const zone = await findOne("zones", args, offlineZone);
            return { outputs: { ...args, ...zone, zoneId: zone.id ?? null } };
        },
        "cloudflare:index/getZones:getZones": (args) => listAll("zones", args, offlineZone),
        "cloudflare:index/getAccount:getAccount": async (args) => {
            const account = await findOne("accounts", args, offlineAccount);
            return { outputs: { ...args, ...account, accountId: account.id ?? null } };
        },
        "cloudflare:index/getAccounts:getAccounts": (args) => listAll("accounts", args, offlineAccount),
    };
}

function textOf(values: PropertyMap, key: string): string {
    const value = values[key];
    return typeof value === "string" ? value : "";
}

function camelMap(value: Value): PropertyMap {
    const renamed = fromWire(value, SNAKE_CASE);
    return isObject(renamed) ? renamed : {};
}

/** Nested filters go as dots: `account.id=…`. */
function queryString(query: PropertyMap, prefix = ""): string {
    return Object.entries(query)
        .flatMap(([key, value]) =>
            isObject(value)
                ? queryString(value, `${prefix}${key}.`)
                : `${encodeURIComponent(prefix + key)}=${encodeURIComponent(String(value))}`,
        )
        .filter(Boolean)
        .join("&");
}

/** 32 hex digits, the shape of zone and account ids, always the same ones for a name. */
function offlineId(name: string): string {
    return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

function offlineZone(name: string): PropertyMap {
    return {
        id: offlineId(name),
        name,
        account: { id: offlineId("account"), name: "offline" },
        nameServers: ["a.ns.invalid", "b.ns.invalid"],
        paused: false,
        status: "active",
        type: "full",
    };
}

function offlineAccount(name: string): PropertyMap {
    return { id: offlineId(name), name, type: "standard" };
}

function offlineTunnel(name: string): PropertyMap {
    const id = offlineId(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    return { id, name, configSrc: "cloudflare", remoteConfig: true, status: "healthy" };
}

/** What cloudflared takes for a token: base64 of the account, the tunnel and a secret, which here opens nothing. */
function offlineToken(account: string, tunnel: string): string {
    const secret = Buffer.alloc(32).toString("base64");
    return Buffer.from(JSON.stringify({ a: account, t: tunnel, s: secret })).toString("base64");
}

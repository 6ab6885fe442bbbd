/**
 * Our edge as `sallyport emulator` runs it, a program of its own: API, tunnel, Access in front of every hostname, a line in the log for each
 * request. One of its many apps is asked, by a machine with a service token.
 */
import { randomBytes } from "node:crypto";
import Cloudflare from "cloudflare";
import { lineLog } from "../../../cli/ui/log.ts";
import { CloudflareEdge } from "../../../emulator/edge/index.ts";
import { CloudflareEmulator } from "../../../emulator/index.ts";
import { type EdgeDescription, type EdgeInput, HOSTNAMES } from "./description.ts";
import { inputOf, ready } from "./process.ts";

const ZONE = "example.com";

const { service, originRequest } = inputOf<EdgeInput>();
const emulator = await CloudflareEmulator.start({ zones: [{ name: ZONE }], team: "bench" });
const account_id = emulator.accountId;
const api = new Cloudflare({ baseURL: emulator.apiBaseUrl, apiToken: emulator.apiToken });
const [zone] = (await api.zones.list({ name: ZONE })).result;
const tunnelSecret = randomBytes(32).toString("base64");
const { id: tunnelId = "" } = await api.zeroTrust.tunnels.cloudflared.create({
    account_id,
    name: "bench",
    config_src: "cloudflare",
    tunnel_secret: tunnelSecret,
});
const token = await api.zeroTrust.access.serviceTokens.create({ account_id, name: "bench" });
const staff = await api.zeroTrust.access.policies.create({
    account_id,
    name: "staff",
    decision: "allow",
    include: [{ email_domain: { domain: ZONE } }],
});
const robots = await api.zeroTrust.access.policies.create({
    account_id,
    name: "robots",
    decision: "non_identity",
    include: [{ service_token: { token_id: token.id ?? "" } }],
});
for (const hostname of HOSTNAMES) {
    await api.zeroTrust.access.applications.create({
        account_id,
        name: hostname,
        domain: hostname,
        type: "self_hosted",
        policies: [staff, robots].map(({ id = "" }, i) => ({ id, precedence: i + 1 })),
    });
    await api.dns.records.create({
        zone_id: zone?.id ?? "",
        type: "CNAME",
        name: hostname,
        content: `${tunnelId}.cfargotunnel.com`,
        proxied: true,
        ttl: 1,
    });
}
await api.zeroTrust.tunnels.cloudflared.configurations.update(tunnelId, {
    account_id,
    config: {
        ingress: [
            ...HOSTNAMES.map((hostname) => ({ hostname, service, originRequest })),
            { hostname: "", service: "http_status:404" },
        ],
    },
});
const edge = await CloudflareEdge.start({
    account: emulator,
    team: "bench",
    connectors: ["127.0.0.1:0"],
    https: "127.0.0.1:0",
});
const log = lineLog(process.stdout);
edge.public.on("request", ({ ray, method, hostname, path, status, verdict, who, rule }) =>
    log(`${ray} ${method} ${hostname}${path} ${status}: ${verdict}${who === undefined ? "" : ` ${who}`}, ${rule}`),
);
ready({
    connectors: edge.tunnels.addresses[0] ?? "",
    caPem: edge.caPem,
    accountTag: account_id,
    tunnelId,
    tunnelSecret,
    port: Number(edge.public.address.split(":")[1]),
    credentials: {
        "cf-access-client-id": token.client_id ?? "",
        "cf-access-client-secret": token.client_secret ?? "",
    },
} satisfies EdgeDescription);

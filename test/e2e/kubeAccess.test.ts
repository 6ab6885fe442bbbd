import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceToken } from "../../cli/connect/credentials.ts";
import { askAccess } from "../../cli/kube/verdict.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { folder } from "../connect/support/folder.ts";
import { catalogued } from "../kube/support/sources.ts";
import type { AccountTunnel } from "./support/accountTunnel.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

/**
 * What `kube ls` says of access, asked of the emulated edge: a cluster's host name behind an application that takes one of two service tokens, with a
 * real connector that speaks SOCKS5, and the same once the connector is gone.
 */
const HOSTNAME = "orders.example.com";
const files = folder();
const started = new AsyncDisposableStack();
let account: ProtectedAccount;
let tunnel: AccountTunnel;
let tokens: readonly ServiceToken[];

beforeAll(async () => {
    const { path: cloudflared } = await ensureTool("cloudflared", { progress: silentProgress });
    account = started.use(await ProtectedAccount.start("example.com"));
    const made = await Promise.all(
        ["member", "stranger"].map((name) => account.create("access/service_tokens", { name })),
    );
    tokens = made.map((one) => ({ clientId: one.client_id, clientSecret: one.client_secret }));
    const members = [{ service_token: { token_id: made[0].id } }];
    tunnel = await account.tunnel("orders");
    await tunnel.expose(cloudflared, [
        {
            hostname: HOSTNAME,
            service: "tcp://127.0.0.1:9",
            originRequest: { proxyType: "socks" },
            policies: [{ name: "robots", decision: "non_identity", include: members }],
            demandsToken: true,
        },
    ]);
});

afterAll(async () => {
    await started.disposeAsync();
    files[Symbol.dispose]();
});

function verdictFor(token: ServiceToken | undefined) {
    const edge = { address: account.edge.public.address, caFile: files.write("ca.pem", account.edge.caPem) };
    return askAccess({ ...catalogued, hostname: HOSTNAME, edge, sources: ["ours"] }, () => token, Date.now());
}

describe("what Access says of a cluster", () => {
    it("is what the edge says: to a member, to a stranger, and to a person without a login", async () => {
        const [member, stranger] = tokens;
        expect(await verdictFor(member)).toEqual({ access: "open" });
        expect(await verdictFor(stranger)).toMatchObject({ access: "refused" });
        expect(await verdictFor(undefined)).toEqual({ access: "log in" });
    });

    it("tells a tunnel without a connector from an open one", async () => {
        await tunnel[Symbol.asyncDispose]();
        expect(await verdictFor(tokens[0])).toMatchObject({ access: "down" });
        expect(await verdictFor(tokens[1])).toMatchObject({ access: "refused" });
    });
});

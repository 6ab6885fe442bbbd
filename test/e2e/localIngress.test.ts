import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TunnelIngress, TunnelManagement } from "../../components/index.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { ACCOUNT, AUD, TUNNEL, ZONE } from "../components/fixtures.ts";
import { CloudflaredProcess } from "../edge/support/cloudflaredProcess.ts";
import { REQUEST } from "../edge/support/connectorMessages.ts";
import { EdgeUnderTest, TUNNEL_ID } from "../edge/support/edgeUnderTest.ts";
import { deploy, promiseOf } from "../support/mocks.ts";

const routes = [
    { hostname: "web.example.com", path: "/admin", service: "http://web:80", audience: AUD },
    { hostname: "*.example.com", service: "https://traefik:8443", audience: AUD, originRequest: { publicCa: true } },
    {
        hostname: "db.example.com",
        service: "tcp://postgres:5432",
        audience: AUD,
        originRequest: {
            connectTimeout: 10,
            tlsTimeout: 5,
            tcpKeepAlive: 15,
            keepAliveTimeout: 20,
            noHappyEyeballs: true,
        },
    },
    { hostname: "bastion.example.com", service: "ssh://bastion:22", audience: AUD },
];

/** The file that a locally managed tunnel's connectors get. */
async function ingressFile(): Promise<string> {
    const args = { accountId: ACCOUNT, zoneId: ZONE, tunnelId: TUNNEL, team: "example", routes };
    const { result } = await deploy(
        () => new TunnelIngress("ingress", { ...args, management: TunnelManagement.Local }),
    );
    return promiseOf((result as TunnelIngress).configFile);
}

describe("the rules of a locally managed tunnel, to an unmodified cloudflared", () => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-ingress-"));
    const file = join(folder, "config.json");
    let cloudflared: string;
    beforeAll(async () => {
        cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
        writeFileSync(file, await ingressFile());
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const ingress = (...args: string[]) =>
        execa(cloudflared, ["tunnel", "--config", file, "ingress", ...args], { all: true, reject: false });

    it("are valid", async () => {
        const { exitCode, all } = await ingress("validate");
        expect(all).toContain("OK");
        expect(exitCode).toBe(0);
    });

    it.each([
        ["https://web.example.com/admin/users", "service: http://web:80"],
        ["https://web.example.com/administrator", "service: https://traefik:8443"],
        ["https://db.example.com/", "service: tcp://postgres:5432"],
        ["https://elsewhere.example.org/", "service: http_status:404"],
    ])("send %s where the program says", async (url, expected) => {
        const { all } = await ingress("rule", url);
        expect(all).toContain(expected);
    });

    it("hold at the edge: the connector asks for a token, and refuses without one", async () => {
        await using edge = await EdgeUnderTest.start();
        const { accountTag, tunnelSecret: secret } = REQUEST;
        edge.directory.addTunnel(TUNNEL_ID, { accountTag, secret, isRemotelyManaged: false });
        await using _ = await CloudflaredProcess.start({
            path: cloudflared,
            edge: edge.edge.addresses,
            caPem: edge.edge.caPem,
            accountTag,
            tunnelId: TUNNEL_ID,
            secret,
            configFile: file,
        });
        await new Promise<void>((resolve) => edge.edge.on("connected", () => resolve()));
        const [connection] = edge.edge.connectionsOf(TUNNEL_ID);
        const statusOf = async (hostname: string) => {
            const headers = { ":method": "GET", ":authority": hostname, ":path": "/" };
            const stream = connection?.request(headers, { endStream: true });
            const [answer] = stream === undefined ? [{}] : await once(stream.resume(), "response");
            return answer[":status"];
        };
        expect(await statusOf("db.example.com")).toBe(403);
        expect(await statusOf("elsewhere.example.org")).toBe(404);
    });
});

import { createServer } from "node:http";
import { beforeAll, describe, expect, it } from "vitest";
import { SwarmTunnelSidecar, type TeamProxy } from "../../components/index.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { CERTIFICATE, CREDENTIALS, Token, TUNNEL } from "../components/fixtures.ts";
import { deploy } from "../support/mocks.ts";
import { listenOnLoopback } from "./support/listenOnLoopback.ts";
import { ProtectedAccount } from "./support/protectedAccount.ts";

const HOSTNAME = "app.example.com";

/** What the component gives a connector's container, less what is a path or a port inside it. */
async function connectorEnvironment(edge: string, teamProxy: TeamProxy): Promise<Record<string, string>> {
    const { inputsOf } = await deploy(
        () =>
            new SwarmTunnelSidecar("connector", {
                tunnelId: TUNNEL,
                credentials: CREDENTIALS,
                networkIds: ["net"],
                edge: { addresses: [edge], caPem: CERTIFICATE, teamProxy },
            }),
    );
    const { taskSpec } = inputsOf(Token.Service, "connector-service") as {
        taskSpec: { containerSpec: { env: Record<string, string> } };
    };
    const { SSL_CERT_FILE: _file, TUNNEL_METRICS: _port, ...env } = taskSpec.containerSpec.env;
    return env;
}

/** `localhost:7844` for `127.0.0.1:7844`: a name, as a container on Docker Desktop has for this machine. */
function byName(address: string | undefined): string {
    return `localhost:${address?.split(":")[1]}`;
}

/** What a service token gets through a connector that demands tokens, and what the origin heard of it. */
async function askThroughConnector(cloudflared: string, proxyOf: (account: ProtectedAccount) => string) {
    const heard: (string | undefined)[] = [];
    const origin = createServer((request, response) => {
        heard.push(request.url);
        response.end("from the origin");
    });
    await using service = await listenOnLoopback(origin);
    await using account = await ProtectedAccount.start("example.com");
    const token = await account.create("access/service_tokens", { name: "ci" });
    const include = [{ service_token: { token_id: token.id } }];
    const exposure = {
        hostname: HOSTNAME,
        service: `http://127.0.0.1:${service.port}`,
        policies: [{ name: "robots", decision: "non_identity", include }],
        demandsToken: true,
    };
    const edge = byName(account.edge.tunnels.addresses[0]);
    const env = await connectorEnvironment(edge, { address: proxyOf(account) });
    await account.expose(cloudflared, [exposure], env);
    const { status, body } = await account.ask(HOSTNAME, {
        "cf-access-client-id": token.client_id,
        "cf-access-client-secret": token.client_secret,
    });
    return { status, body, heard };
}

describe("an unmodified cloudflared that demands tokens", () => {
    let cloudflared: string;
    beforeAll(async () => {
        cloudflared = (await ensureTool("cloudflared", { progress: silentProgress })).path;
    });

    it("checks them with keys that it fetches through the proxy, and dials an edge that it knows by name", async () => {
        const answer = await askThroughConnector(cloudflared, ({ edge }) => byName(edge.teamProxy));
        expect(answer).toMatchObject({ status: 200, body: "from the origin", heard: ["/"] });
    });

    it("lets nothing through where it cannot fetch the keys", async () => {
        // The edge's own listener: it is there, and no proxy.
        const answer = await askThroughConnector(cloudflared, ({ edge }) => byName(edge.tunnels.addresses[0]));
        expect(answer).toMatchObject({ status: 502, heard: [] });
    });
});

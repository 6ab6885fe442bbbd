/**
 * What our edge is measured against, a program of its own: a bare reverse proxy in its place. It has our `TunnelEdge` for the connector's
 * sake, and before it the few lines of node:http2 that carry requests and answers: one hostname, no Access, no routing, no limits and
 * timeouts, no retries, no checks of what the connector says, no log, no HTTP/1.1 but for WebSockets. Headers go on as they come, with those that it is
 * given to carry; the connections take turns.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { createSecureServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { CertificateAuthority, type TunnelConnection, TunnelEdge } from "../../../emulator/edge/index.ts";
import { MemoryDirectory } from "../../../test/edge/support/memoryDirectory.ts";
import { type EdgeDescription, type EdgeInput, HOSTNAME } from "./description.ts";
import { inputOf, ready } from "./process.ts";

const { carried, ...origin } = inputOf<EdgeInput>();
const { credentials = {}, toOrigin = {}, toClient = {} } = carried ?? {};
const tunnel = { accountTag: randomBytes(16).toString("hex"), secret: randomBytes(32), isRemotelyManaged: true };
const tunnelId = randomUUID();
const directory = new MemoryDirectory();
directory.addTunnel(tunnelId, tunnel);
directory.configure(tunnelId, { ingress: [origin] });
const certificateAuthority = await CertificateAuthority.open();
const tunnels = await TunnelEdge.start({ addresses: ["127.0.0.1:0"], directory, certificateAuthority });
const connections: TunnelConnection[] = [];
tunnels.on("connected", (connection) => connections.push(connection));
let turn = 0;

function nextConnection(): TunnelConnection {
    const connection = connections[turn++ % connections.length];
    if (connection === undefined) {
        throw new Error("no connector is connected");
    }
    return connection;
}

/** The origin's headers, which cloudflared sends inside one. */
function originHeaders(answer: IncomingHttpHeaders): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = {};
    for (const pair of String(answer["cf-cloudflared-response-headers"]).split(";")) {
        const [name = "", value = ""] = pair.split(":").map((text) => Buffer.from(text, "base64").toString("latin1"));
        headers[name.toLowerCase()] = value;
    }
    return headers;
}

const { certPem, privateKeyPem } = await certificateAuthority.issue([HOSTNAME]);
const server = createSecureServer({ cert: certPem, key: privateKeyPem, allowHTTP1: true });
server.on("request", (request, response) => {
    const hasNoBody = request.stream.endAfterHeaders;
    const stream = nextConnection().request({ ...request.headers, ...toOrigin }, { endStream: hasNoBody });
    stream.once("response", (answer) => {
        const { connection: _, "keep-alive": __, ...headers } = originHeaders(answer);
        response.writeHead(Number(answer[":status"]), { ...headers, ...toClient });
        stream.pipe(response);
    });
    if (!hasNoBody) {
        request.pipe(stream);
    }
});
const events: NodeJS.EventEmitter = server;
events.on("upgrade", (request: IncomingMessage, client: Duplex) => {
    const { connection: _, upgrade: __, host, ...headers } = request.headers;
    const pseudo = { ":method": "GET", ":path": request.url, ":authority": host };
    const stream = nextConnection().request({ ...headers, ...pseudo }, { isWebSocket: true });
    stream.once("response", (answer) => {
        const lines = Object.entries(originHeaders(answer)).map(([name, value]) => `${name}: ${value}\r\n`);
        client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
        stream.pipe(client).pipe(stream);
    });
    stream.on("error", () => client.destroy());
    client.on("error", () => stream.destroy());
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
ready({
    connectors: tunnels.addresses[0] ?? "",
    caPem: certificateAuthority.caPem,
    accountTag: tunnel.accountTag,
    tunnelId,
    tunnelSecret: tunnel.secret.toString("base64"),
    port: (server.address() as AddressInfo).port,
    credentials,
} satisfies EdgeDescription);

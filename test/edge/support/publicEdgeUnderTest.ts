import { connect as connectHttp2, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { type RequestOptions, request } from "node:https";
import { text } from "node:stream/consumers";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { AccessGate } from "../../../emulator/edge/accessGate.ts";
import { CertificateAuthority } from "../../../emulator/edge/index.ts";
import { PublicEdge, type PublicEdgeEvents, type PublicEdgeOptions } from "../../../emulator/edge/public/publicEdge.ts";
import type { HostnameDirectory, HostnameTarget } from "../../../emulator/hostnameDirectory.ts";
import { EdgeUnderTest, TUNNEL_ID } from "./edgeUnderTest.ts";
import type { FakeConnectorOptions } from "./fakeConnector.ts";

export const HOSTNAME = "app.example.com";

/** Lets everything pass and adds nothing. */
export const OPEN_GATE: AccessGate = {
    decide: async () => ({ kind: "pass", forward: {}, rule: "test" }),
};

/** Two zones; in `example.com`, `app` leads to the tunnel and `server` elsewhere. */
const HOSTNAMES: HostnameDirectory = {
    zoneOf: (hostname) => ["example.com", "example.org"].find((zone) => `.${hostname}`.endsWith(`.${zone}`)),
    targetOf: (hostname) => TARGETS[hostname],
};

const TARGETS: Readonly<Record<string, HostnameTarget>> = {
    [HOSTNAME]: { kind: "tunnel", tunnelId: TUNNEL_ID },
    "other.example.org": { kind: "tunnel", tunnelId: TUNNEL_ID },
    "server.example.com": { kind: "elsewhere", content: "192.0.2.1" },
};

export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly trailers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: string;
}

export interface Asked extends Pick<RequestOptions, "method" | "path" | "headers" | "cert" | "key" | "agent"> {
    readonly hostname?: string;
    readonly serverName?: string;
    readonly body?: string | Buffer;
}

/** A public edge with a tunnel edge behind it, and clients that know its address. */
export class PublicEdgeUnderTest implements AsyncDisposable {
    readonly edge: PublicEdge;
    readonly tunnels: EdgeUnderTest;
    readonly caPem: string;
    readonly #connectors = new AsyncDisposableStack();

    static async start(options: Partial<PublicEdgeOptions> = {}): Promise<PublicEdgeUnderTest> {
        const certificateAuthority = await CertificateAuthority.open();
        const tunnels = await EdgeUnderTest.start({ certificateAuthority });
        const edge = await PublicEdge.start({
            address: "127.0.0.1:0",
            hostnames: HOSTNAMES,
            tunnelEdge: tunnels.edge,
            certificateAuthority,
            gate: OPEN_GATE,
            ...options,
        });
        return new PublicEdgeUnderTest(edge, tunnels, certificateAuthority.caPem);
    }

    private constructor(edge: PublicEdge, tunnels: EdgeUnderTest, caPem: string) {
        this.edge = edge;
        this.tunnels = tunnels;
        this.caPem = caPem;
    }

    get port(): number {
        return Number(this.edge.address.split(":")[1]);
    }

    /** A connector that answers so; it goes with the edge. */
    async connector(
        serve: FakeConnectorOptions["serve"],
        request: FakeConnectorOptions["request"] = {},
        behaviour: Pick<FakeConnectorOptions, "answerConfiguration"> = {},
    ) {
        const registered = await this.tunnels.register({ ...(serve && { serve }), request, ...behaviour });
        this.#connectors.use(registered.connector);
        return registered;
    }

    /** The connection of a client by the hostname, that trusts the edge's CA. */
    tls(serverName: string = HOSTNAME): ConnectionOptions & { port: number } {
        return { host: "127.0.0.1", port: this.port, servername: serverName, ca: this.caPem };
    }

    /** A request over HTTP/1.1, on a connection of its own. */
    ask(asked: Asked = {}): Promise<Answer> {
        const { hostname = HOSTNAME, serverName = hostname, body, headers, ...rest } = asked;
        return new Promise((resolve, reject) => {
            const outgoing = request({
                ...this.tls(serverName),
                agent: false,
                headers: { host: hostname, ...headers },
                ...rest,
            });
            outgoing.once("error", reject);
            outgoing.once("response", (response) => {
                text(response).then((received) => {
                    const { statusCode = 0, trailers } = response;
                    resolve({ status: statusCode, headers: response.headers, trailers, body: received });
                }, reject);
            });
            outgoing.end(body);
        });
    }

    /** Asks over HTTP/1.1, waits until the beginning of the body has come, and goes away. */
    readSome({ hostname = HOSTNAME, path = "/" }: Asked, beginning: string): Promise<void> {
        return new Promise((resolve, reject) => {
            const outgoing = request({ ...this.tls(hostname), agent: false, headers: { host: hostname }, path });
            outgoing.once("error", reject);
            outgoing.once("response", (response) => {
                let received = "";
                response.on("error", () => {});
                response.on("data", (chunk) => {
                    received += chunk;
                    if (received === beginning) {
                        response.destroy();
                        resolve();
                    }
                });
            });
            outgoing.end();
        });
    }

    /** A request over HTTP/2, on a connection of its own. */
    async askHttp2({
        hostname = HOSTNAME,
        serverName = hostname,
        body,
        headers,
        method = "GET",
        path = "/",
    }: Asked = {}) {
        const session = connectHttp2(`https://${serverName}:${this.port}`, {
            ...this.tls(serverName),
            maxSendHeaderBlockLength: 1024 * 1024,
            createConnection: () => connectTls({ ...this.tls(serverName), ALPNProtocols: ["h2"] }),
        });
        try {
            return await new Promise<Answer>((resolve, reject) => {
                session.once("error", reject);
                const stream = session.request(
                    {
                        ":method": method ?? "GET",
                        ":path": path ?? "/",
                        ":authority": hostname,
                        ...(headers as IncomingHttpHeaders),
                    },
                    { endStream: body === undefined },
                );
                stream.once("error", reject);
                let trailers = {};
                stream.once("trailers", (received) => {
                    trailers = received;
                });
                stream.once("response", (received) => {
                    const status = Number(received[":status"]);
                    text(stream).then(
                        (content) => resolve({ status, headers: received, trailers, body: content }),
                        reject,
                    );
                });
                if (body !== undefined) {
                    stream.end(body);
                }
            });
        } finally {
            session.destroy();
        }
    }

    /** The next event of a kind, of those that are wanted; to be called before what causes it. */
    next<Name extends keyof PublicEdgeEvents>(
        name: Name,
        isWanted: (detail: PublicEdgeEvents[Name]) => boolean = () => true,
    ): Promise<PublicEdgeEvents[Name]> {
        return new Promise((resolve) => {
            const unsubscribe = this.edge.on(name, (detail) => {
                if (isWanted(detail)) {
                    unsubscribe();
                    resolve(detail);
                }
            });
        });
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.edge[Symbol.asyncDispose]();
        await this.#connectors.disposeAsync();
        await this.tunnels[Symbol.asyncDispose]();
    }
}

/** The headers of an answer as cloudflared sends them: the origin's own inside one header. */
export function originAnswer(status: number, headers: readonly (readonly [string, string])[] = [], source = "origin") {
    const encode = (value: string) => Buffer.from(value, "latin1").toString("base64").replaceAll("=", "");
    return {
        ":status": status,
        "cf-cloudflared-response-headers": headers.map(([name, value]) => `${encode(name)}:${encode(value)}`).join(";"),
        "cf-cloudflared-response-meta": JSON.stringify({ src: source }),
    };
}

/** An origin that shows what arrives: it answers with the request's headers and body as JSON. */
export async function showRequest(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const body = await text(stream);
    stream.respond(originAnswer(200, [["Content-Type", "application/json"]]));
    stream.end(JSON.stringify({ headers, body }));
}

import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { ConnectProxy } from "../../emulator/edge/connectProxy.ts";

const HOST = "team.cloudflareaccess.com";

/** A proxy to a server that answers each line in upper case. */
async function setUp({ only }: { only?: string } = { only: `${HOST}:443` }) {
    await using started = new AsyncDisposableStack();
    const server = createServer((socket) => {
        socket.on("data", (chunk) => socket.write(chunk.toString().toUpperCase()));
        socket.on("end", () => socket.end("bye"));
        socket.on("error", () => socket.destroy());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    started.defer(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = started.use(await ConnectProxy.start({ address: "127.0.0.1:0", target, only }));
    const disposables = started.move();
    return { server, proxy, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

/** Sends text to the proxy; ends its own side where told to, and gives all that comes back until the other side ends. */
async function talk({ address }: ConnectProxy, text: string, { thenEnd = false } = {}): Promise<string> {
    const [host = "", port] = address.split(":");
    const socket = connect({ host, port: Number(port), allowHalfOpen: true });
    socket.write(text);
    if (thenEnd) {
        socket.end();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of socket) {
        chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString();
}

const request = (authority: string) => `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

describe("the proxy to the team's domain", () => {
    it.each([`${HOST}:443`, `${HOST.toUpperCase()}:443`])("leads %s to the team's domain, both ways", async (name) => {
        await using setup = await setUp();
        const answer = await talk(setup.proxy, `${request(name)}hello`, { thenEnd: true });
        expect(answer).toBe("HTTP/1.1 200 Connection Established\r\n\r\nHELLObye");
    });

    it.each(["evil.test:443", "127.0.0.1:22", `${HOST}:80`, `other.${HOST}:443`, `${HOST}`])(
        "refuses %s",
        async (name) => {
            await using setup = await setUp();
            expect(await talk(setup.proxy, request(name))).toMatch(
                /^HTTP\/1\.1 403 [\s\S]*team\.cloudflareaccess\.com:443 alone/,
            );
        },
    );

    it("leads every name to the same place where none is set", async () => {
        await using setup = await setUp({});
        const answer = await talk(setup.proxy, `${request("db.example.com:8443")}hello`, { thenEnd: true });
        expect(answer).toBe("HTTP/1.1 200 Connection Established\r\n\r\nHELLObye");
    });

    it("forwards no request that is not CONNECT", async () => {
        await using setup = await setUp();
        const answer = await talk(setup.proxy, `GET http://${HOST}/ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
        expect(answer).toMatch(/^HTTP\/1\.1 405 [\s\S]*allow: CONNECT/i);
    });

    it("answers 502 where the team's domain cannot be reached", async () => {
        await using setup = await setUp();
        await new Promise((resolve) => setup.server.close(resolve));
        expect(await talk(setup.proxy, request(`${HOST}:443`))).toMatch(/^HTTP\/1\.1 502 .*[\s\S]*ECONNREFUSED/);
    });

    it("ends what is under way when it is stopped", async () => {
        await using setup = await setUp();
        const [host = "", port] = setup.proxy.address.split(":");
        const socket = connect({ host, port: Number(port) });
        socket.write(request(`${HOST}:443`));
        await once(socket, "data");
        const closed = once(socket, "close");
        await setup.proxy[Symbol.asyncDispose]();
        await closed;
    });

    it("listens where no other machine reaches it", async () => {
        const options = { address: "0.0.0.0:0", target: "127.0.0.1:1" };
        await expect(ConnectProxy.start(options)).rejects.toThrow("can be reached from outside this machine");
    });
});

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { askSocks, refusal, SocksReply } from "../../cli/kube/session/socks.ts";
import { listenOnLoopback } from "../e2e/support/listenOnLoopback.ts";

const never = new AbortController().signal;
const target = new URL("https://10.0.0.1:6443");

/** A SOCKS5 server that says these bytes once it was asked, and then ends. */
function saying(...bytes: number[]) {
    const asked: Buffer[] = [];
    return {
        asked: () => Buffer.concat(asked).toString("hex"),
        server: createServer((socket) => {
            socket.once("data", (data: Buffer) => {
                asked.push(data);
                socket.end(Buffer.from(bytes));
            });
        }),
    };
}

describe("asking a SOCKS5 server", () => {
    it.each([
        ["https://10.0.0.1:6443", "05010005010001" + "0a000001" + "192b"],
        ["https://[fd00::1]:6443", "05010005010004" + "fd000000000000000000000000000001" + "192b"],
        ["https://api.internal", `050100050100030c${Buffer.from("api.internal").toString("hex")}01bb`],
    ])("for %s names it as RFC 1928 has it", async (url, expected) => {
        const { server, asked } = saying(5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0);
        await using service = await listenOnLoopback(server);
        expect(await askSocks(service.port, new URL(url), never)).toBe("granted");
        expect(asked()).toBe(expected);
    });

    it("tells what a refusal means", async () => {
        await using service = await listenOnLoopback(saying(...refusal(SocksReply.HostUnreachable)).server);
        expect(await askSocks(service.port, target, never)).toEqual({ refused: "its host is not reached" });
    });

    it("tells an end without a word, in order or not", async () => {
        await using service = await listenOnLoopback(saying(5, 0).server);
        expect(await askSocks(service.port, target, never)).toBe("ended");
        await using reset = await listenOnLoopback(createServer((socket) => socket.resetAndDestroy()));
        expect(await askSocks(reset.port, target, never)).toBe("ended");
    });

    it("throws where it is given up, and leaves no connection", async () => {
        const server = createServer();
        await using service = await listenOnLoopback(server);
        const accepted = once(server, "connection");
        const giveUp = new AbortController();
        const asked = askSocks(service.port, target, giveUp.signal);
        const [socket] = await accepted;
        const closed = once(socket.resume(), "close");
        giveUp.abort();
        await expect(asked).rejects.toThrow("aborted");
        await closed;
    });
});

describe("a refusal", () => {
    it("is read as one by a client that begins with no login", async () => {
        await using service = await listenOnLoopback(
            createServer((socket) => socket.end(refusal(SocksReply.NotAllowed))),
        );
        const client = connect(service.port, "127.0.0.1");
        client.write(Buffer.from([5, 1, 0]));
        const [bytes] = (await once(client, "data")) as [Buffer];
        expect([...bytes.subarray(0, 4)]).toEqual([5, 0, 5, 2]);
        client.destroy();
    });
});

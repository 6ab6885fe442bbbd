import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readDescription } from "../../cli/local/demo/description.ts";
import { whoami } from "../../cli/local/demo/whoami.ts";
import { Background } from "../../cli/processes/background.ts";
import { projectDir } from "../../cli/project.ts";

/** Asks the demo service for a path, with headers as a connector sends them. */
async function ask(path: string, method = "GET"): Promise<{ type: string | undefined; body: string }> {
    const server = createServer(whoami).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const headers = { host: "demo.example.com", "cf-access-jwt-assertion": "ey.x.y", "x-many": ["one", "two"] };
    const sent = request({ port, host: "127.0.0.1", path, method, headers, agent: false }).end();
    const [response] = await once(sent, "response");
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
        chunks.push(chunk as Buffer);
    }
    server.close();
    return { type: response.headers["content-type"], body: Buffer.concat(chunks).toString() };
}

it("shows the request that reached it as traefik/whoami does", async () => {
    const { type, body } = await ask("/some/path?q=1", "POST");
    expect(type).toBe("text/plain; charset=utf-8");
    const lines = body.split("\n");
    expect(lines[0]).toBe(`Hostname: ${hostname()}`);
    expect(lines).toContain("IP: 127.0.0.1");
    const from = lines.findIndex((line) => line.startsWith("RemoteAddr: 127.0.0.1:"));
    expect(lines.slice(from + 1)).toEqual([
        "POST /some/path?q=1 HTTP/1.1",
        "Host: demo.example.com",
        "Cf-Access-Jwt-Assertion: ey.x.y",
        "Connection: close",
        "Content-Length: 0",
        "X-Many: one",
        "X-Many: two",
        "",
    ]);
});

it("tells the same as JSON, and answers whoever asks after its health", async () => {
    const { type, body } = await ask("/api?x");
    expect(type).toBe("application/json");
    expect(JSON.parse(body)).toMatchObject({
        host: "demo.example.com",
        method: "GET",
        url: "/api?x",
        headers: { "Cf-Access-Jwt-Assertion": ["ey.x.y"], "X-Many": ["one", "two"] },
    });
    expect(await ask("/health")).toEqual({ type: undefined, body: "" });
});

describe("the demo service's process", () => {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-demo-"));
    const file = join(folder, "demo.json");
    const background = new Background({
        name: "the demo service",
        record: join(folder, "demo.pid.json"),
        log: join(folder, "demo.log"),
    });
    afterAll(async () => {
        await background.stop();
        rmSync(folder, { recursive: true });
    });
    const main = join(projectDir, "cli", "local", "demo", "main.ts");
    /** Starts it anew. @returns its port. */
    const restart = async () => {
        await background.stop();
        return background.ensure({ command: process.execPath, args: [main, file], cwd: folder }, async () => {
            const description = readDescription(file);
            return description?.pid === background.pid ? description?.port : undefined;
        });
    };

    it("takes the port that it had before, or another where that is taken meanwhile", async () => {
        const first = await unusedPort();
        writeFileSync(file, JSON.stringify({ pid: 0, port: first }));
        expect(await restart()).toBe(first);
        expect((await fetch(`http://127.0.0.1:${first}/health`)).status).toBe(200);
        expect(await restart()).toBe(first);
        await background.stop();
        const stranger = createServer().listen(first, "127.0.0.1");
        await once(stranger, "listening");
        expect(await restart()).not.toBe(first);
        stranger.close();
    });
});

/** A port that nobody listens on, and that no outgoing connection takes meanwhile: those are 32768 and up. */
async function unusedPort(): Promise<number> {
    for (let port = 20_000 + (process.pid % 10_000); ; port++) {
        const server = createServer().listen(port, "127.0.0.1");
        const isFree = await once(server, "listening").then(
            () => true,
            () => false,
        );
        if (isFree) {
            await new Promise((resolve) => server.close(resolve));
            return port;
        }
    }
}

import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { freePort } from "../../cli/processes/freePort.ts";
import { TcpApp, TcpClientSidecar, TcpProtocol } from "../../components/index.ts";
import { clientScript } from "../../components/tunnel/tcp/clientScript.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const SECRET = "p4ss w0rd $(touch pwned) `id` \"'";

describe("a client container's script", () => {
    let folder: string;
    let port: number;
    beforeEach(async () => {
        port = await freePort();
        folder = mkdtempSync(join(tmpdir(), "sallyport-client-"));
        // Stands in for cloudflared: tells its arguments and its token.
        const told = '#!/bin/sh\nprintf "%s\\n" "$*" "$TUNNEL_SERVICE_TOKEN_ID" "$TUNNEL_SERVICE_TOKEN_SECRET"\n';
        writeFileSync(join(folder, "cloudflared"), told);
        chmodSync(join(folder, "cloudflared"), 0o755);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const start = () => {
        const [idFile, secretFile] = [join(folder, "id"), join(folder, "secret")];
        const script = clientScript({ hostname: "db.example.com", localPort: port, idFile, secretFile });
        const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
        return execa("sh", ["-euc", script], { cwd: folder, env, reject: false });
    };

    const giveToken = () => {
        writeFileSync(join(folder, "id"), "c.access");
        writeFileSync(join(folder, "secret"), SECRET);
    };
    const told = () => [`access tcp --hostname db.example.com --url 127.0.0.1:${port}`, "c.access", SECRET];

    it("hands the token over as variables, letter by letter, and never as an argument", async () => {
        giveToken();
        const { stdout, stderr } = await start();
        expect(stdout.split("\n")).toEqual(told());
        expect(stderr).toBe("");
    });

    it("waits for a port that the client before it still has, and says so once", async () => {
        giveToken();
        const before = createServer().listen(port, "127.0.0.1");
        await once(before, "listening");
        const client = start();
        const [said] = await once(client.stderr, "data");
        expect(String(said)).toBe(`127.0.0.1:${port} is taken: waiting until whoever has it lets go\n`);
        before.close();
        const { stdout, stderr } = await client;
        expect(stdout.split("\n")).toEqual(told());
        expect(stderr.split("\n")).toHaveLength(1);
    });

    it("does not start without a token", async () => {
        const { exitCode, stdout } = await start();
        expect(exitCode).not.toBe(0);
        expect(stdout).toBe("");
    });
});

describe("the Compose snippet of a TCP app", () => {
    it("gives the client its token as files, the program's own loopback, and no right", async () => {
        const { result } = await deploy(
            () =>
                new TcpApp("db", {
                    accountId: ACCOUNT,
                    hostname: "orders-db.example.com",
                    protocol: TcpProtocol.PostgreSql,
                    host: "postgres",
                    policyIds: ["robots"],
                }),
        );
        const { services, secrets } = parse(await promiseOf((result as TcpApp).composeSnippet));
        expect(secrets).toEqual({
            "access-client-id": { environment: "CF_ACCESS_CLIENT_ID" },
            "access-client-secret": { environment: "CF_ACCESS_CLIENT_SECRET" },
        });
        const { command, environment, ports, ...client } = services["orders-db"];
        expect(client).toMatchObject({
            network_mode: "service:app",
            entrypoint: ["sh", "-euc"],
            read_only: true,
            cap_drop: ["ALL"],
            user: "65532:65532",
        });
        expect([environment, ports]).toEqual([undefined, undefined]);
        // Compose writes a single dollar for two.
        expect(command[0].replaceAll("$$", "$")).toBe(
            clientScript({
                hostname: "orders-db.example.com",
                localPort: 5432,
                idFile: "/run/secrets/access-client-id",
                secretFile: "/run/secrets/access-client-secret",
            }),
        );
    });
});

describe("TcpClientSidecar", () => {
    const args = {
        hostname: "db.example.com",
        localPort: 5432,
        containerId: "c0ffee",
        image: "registry.example.com/access-client:1",
        clientId: "c.access",
        clientSecret: SECRET,
    };

    it("shares its program's network, and has its token in files alone", async () => {
        const { resource, result, error } = await deploy(() => new TcpClientSidecar("db-client", args));
        expect(error).toBeUndefined();
        const { inputs, secrets } = resource(Token.Container, "db-client-client");
        const { uploads, ...rest } = inputs as { uploads: object[] };
        expect(rest).toMatchObject({
            networkMode: "container:c0ffee",
            user: "65532:65532",
            capabilities: { drops: ["ALL"] },
        });
        expect(rest).not.toHaveProperty("envs");
        expect(rest).not.toHaveProperty("ports");
        expect(JSON.stringify(rest)).not.toContain("p4ss");
        expect(uploads).toMatchObject([
            { file: "/run/sallyport/client-id", content: "c.access", permissions: "0400" },
            { file: "/run/sallyport/client-secret", content: SECRET, permissions: "0400" },
        ]);
        expect(secrets.some((path) => path.startsWith("uploads"))).toBe(true);
        expect(resource("sallyport:index:TcpClientSidecar", "db-client").secrets).toContain("clientSecret");
        expect(await promiseOf((result as TcpClientSidecar).address)).toBe("127.0.0.1:5432");
    });

    it("refuses every mistake at once, and registers nothing", async () => {
        const { error, resources } = await deploy(
            () =>
                new TcpClientSidecar("db client", {
                    hostname: "*.example.com",
                    localPort: 0,
                    containerId: "",
                    image: "access-client:latest",
                    clientId: "",
                    clientSecret: "",
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "clientId",
            "clientSecret",
            "containerId",
            "hostname",
            "image",
            "localPort",
            "name",
        ]);
        expect(resources).toEqual([]);
    });
});

import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { freePort } from "../../cli/processes/freePort.ts";
import { TcpApp, TcpClientSidecar, TcpProtocol } from "../../components/index.ts";
import { clientContainerCommand } from "../../components/tunnel/tcp/clientScript.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const SECRET = "p4ss w0rd $(touch pwned) `id` \"'";

describe("a client container's script", () => {
    let folder: string;
    let port: number;
    beforeEach(async () => {
        port = await freePort();
        folder = mkdtempSync(join(tmpdir(), "sallyport-client-"));
        // Stand in for cloudflared, which tells its arguments, its token and something for its log, and for tcpsvd, which serves one connection.
        const told =
            '#!/bin/sh\nprintf "%s\\n" "$1 $2 $3 $4 $5" "$TUNNEL_SERVICE_TOKEN_ID" "$TUNNEL_SERVICE_TOKEN_SECRET"\n';
        program("cloudflared", `${told}echo "failed to connect" >"$6/cloudflared.log"\ncat\n`);
        program("tcpsvd", '#!/bin/sh\necho "$1 $2 $3 $4"\nshift 4\nexec "$@"\n');
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const program = (name: string, text: string) => {
        writeFileSync(join(folder, name), text);
        chmodSync(join(folder, name), 0o755);
    };
    const token = () => join(folder, "token");
    const start = (tokenFiles = [token()]) => {
        const client = { hostname: "db.example.com", localPort: port, tokenFiles, maxConnections: 7 };
        const { entrypoints, command } = clientContainerCommand(client);
        const [shell = "", ...args] = [...entrypoints, ...command];
        const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, TMPDIR: folder };
        return execa(shell, args, { cwd: folder, env, reject: false, input: "what the program sends" });
    };
    const told = () => [
        `-c 7 127.0.0.1 ${port}`,
        "access tcp --hostname db.example.com --log-directory",
        "c.access",
        SECRET,
        "what the program sends",
    ];

    it("hands the token over as variables, letter by letter, and never as an argument", async () => {
        writeFileSync(token(), `c.access\n${SECRET}`);
        const { stdout } = await start();
        expect(stdout.split("\n")).toEqual(told());
    });

    it("takes either half of the token from a file of its own", async () => {
        const halves = [join(folder, "id"), join(folder, "secret")];
        writeFileSync(halves[0] ?? "", "c.access");
        writeFileSync(halves[1] ?? "", SECRET);
        expect((await start(halves)).stdout.split("\n")).toEqual(told());
    });

    it("tells on its log what cloudflared noted of the connection, and keeps nothing of it", async () => {
        writeFileSync(token(), `c.access\n${SECRET}`);
        expect((await start()).stderr).toBe("failed to connect");
        expect(readdirSync(folder).toSorted()).toEqual(["cloudflared", "tcpsvd", "token"]);
    });

    it.each([
        ["missing", undefined],
        ["empty", ""],
        ["half written", "c.access\n"],
    ])("waits for a token that is %s while it is being replaced", async (_, before) => {
        if (before !== undefined) writeFileSync(token(), before);
        // Whoever waits finds it whole afterwards.
        writeFileSync(join(folder, "whole"), `c.access\n${SECRET}`);
        program("sleep", `#!/bin/sh\nmv "${join(folder, "whole")}" "${token()}"\n`);
        expect((await start()).stdout.split("\n")).toEqual(told());
    });

    it("waits for a port that the client before it still has, and says so once", async () => {
        writeFileSync(token(), `c.access\n${SECRET}`);
        const before = createServer().listen(port, "127.0.0.1");
        await once(before, "listening");
        const client = start();
        const [said] = await once(client.stderr, "data");
        expect(String(said)).toBe(`127.0.0.1:${port} is taken: waiting until whoever has it lets go\n`);
        before.close();
        const { stdout, stderr } = await client;
        expect(stdout.split("\n")).toEqual(told());
        expect(stderr.split("\n")).toHaveLength(2);
    });

    it("carries nothing without a token, and says where there is none", async () => {
        program("sleep", "#!/bin/sh\n");
        const { exitCode, stdout, stderr } = await start();
        expect(exitCode).toBe(1);
        expect(stdout.split("\n")).toHaveLength(1);
        expect(stderr).toBe(`there is no whole service token in ${token()}`);
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
        const { command: expected } = clientContainerCommand({
            hostname: "orders-db.example.com",
            localPort: 5432,
            tokenFiles: ["/run/secrets/access-client-id", "/run/secrets/access-client-secret"],
            maxConnections: 30,
        });
        // Compose writes a single dollar for two.
        expect(command.map((text: string) => text.replaceAll("$$", "$"))).toEqual(expected);
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
        const client = resource(Token.Container, "db-client-client");
        expect(client.inputs).toMatchObject({
            networkMode: "container:c0ffee",
            user: "65532:65532",
            capabilities: { drops: ["ALL"] },
            readOnly: true,
            memory: 32 + 30 * 16,
            volumes: [{ containerPath: "/run/sallyport", readOnly: true }],
        });
        expect(client.inputs).not.toHaveProperty("envs");
        expect(client.inputs).not.toHaveProperty("ports");
        expect(JSON.stringify(client.inputs)).not.toContain("p4ss");
        const writer = resource(Token.Container, "db-client-token-writer");
        expect(writer.inputs).toMatchObject({
            start: false,
            networkMode: "none",
            uploads: [{ file: "/run/sallyport/service-token", content: `c.access\n${SECRET}`, permissions: "0400" }],
        });
        expect(writer.secrets.some((path) => path.startsWith("uploads"))).toBe(true);
        expect(client.dependencies).toContain(writer.urn);
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
                    maxConnections: 0,
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "clientId",
            "clientSecret",
            "containerId",
            "hostname",
            "image",
            "localPort",
            "maxConnections",
            "name",
        ]);
        expect(resources).toEqual([]);
    });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainAnswer, readAccessLog } from "../../cli/connect/accessLog.ts";
import { type Catalogue, readCatalogue } from "../../cli/connect/catalogue.ts";
import { tokenSource } from "../../cli/connect/credentials.ts";
import { catalogueOfStack } from "../../cli/connect/environment.ts";
import { listenNear } from "../../cli/connect/localPorts.ts";
import { connectionStrings, sshConfig } from "../../cli/connect/print.ts";
import { takePorts, wantedApps } from "../../cli/connect/request.ts";
import { Mistakes } from "../../cli/mistakes.ts";
import { sallyport } from "../support/cli.ts";

const catalogue: Catalogue = {
    version: 1,
    apps: [
        { name: "orders-db", hostname: "orders-db.example.com", protocol: "postgresql", port: 5433 },
        { name: "cache", hostname: "cache.example.com", protocol: "redis" },
        { name: "bastion", hostname: "bastion.example.com", protocol: "ssh" },
        { name: "grafana", hostname: "grafana.example.com", protocol: "http" },
    ],
};

function want(names: string[], local: Record<string, number> = {}) {
    const mistakes = new Mistakes();
    const apps = wantedApps(names, new Map(Object.entries(local)), catalogue, mistakes);
    mistakes.throwIfAny();
    return apps;
}

/** A folder for files of a test. */
function folder() {
    const path = mkdtempSync(join(tmpdir(), "sallyport-connect-"));
    return {
        write(name: string, text: string, mode = 0o600) {
            const file = join(path, name);
            writeFileSync(file, text);
            chmodSync(file, mode);
            return file;
        },
        [Symbol.dispose]: () => rmSync(path, { recursive: true }),
    };
}

/** Takes a port of loopback for as long as the test needs it. */
async function occupy(port = 0) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    return {
        port: (server.address() as { port: number }).port,
        [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
}

/** The port that an app would be given whose usual one this is; free again when it is told. */
async function portNear(usual: number): Promise<number> {
    const server = await listenNear({ usual });
    if (server === undefined) {
        throw new Error("no free port");
    }
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return port;
}

describe("apps to connect to", () => {
    it("are found by name or hostname; another hostname is taken as it is", () => {
        expect(want(["orders-db", "cache.example.com", "db.example.org"])).toMatchObject([
            { hostname: "orders-db.example.com", protocol: "postgresql", usualPort: 5433 },
            { hostname: "cache.example.com", protocol: "redis", usualPort: 6379 },
            { hostname: "db.example.org", protocol: "tcp", usualPort: undefined },
        ]);
    });

    it("are refused with every mistake at once: unknown, for a browser, a port for nothing, a port twice", () => {
        const message = [
            "6 mistakes:",
            '  --local cash: "cash" is not among the names to connect to',
            "  --local: port 7000 is there twice; write another port for one of the two",
            '  ordersdb: "ordersdb" is not an app of the environment; write one of orders-db, cache, bastion, or a public hostname',
            "  grafana: is a web application; open https://grafana.example.com in a browser",
            '  *.example.com: "*.example.com" is a wildcard, which is not possible here. Write one host name.',
            '  Db.example.com: "Db.example.com" has upper-case letters. Write "db.example.com".',
        ].join("\n");
        const names = ["ordersdb", "grafana", "*.example.com", "Db.example.com", "cache"];
        expect(() => want(names, { cash: 7000, cache: 7000 })).toThrow(message);
    });

    it("of an emulated edge are opened in a browser at its port", () => {
        const mistakes = new Mistakes();
        const local = { ...catalogue, edge: { address: "127.0.0.1:8443", caFile: "ca.pem" } };
        wantedApps(["grafana"], new Map(), local, mistakes);
        expect(() => mistakes.throwIfAny()).toThrow("open https://grafana.example.com:8443 in a browser");
    });

    it("come from the stack file, with what a laptop must know and not where they run", async () => {
        const { apps } = await catalogueOfStack("staging");
        expect(apps).toContainEqual({
            ...{ name: "orders-db", hostname: "orders-db-staging.example.com", protocol: "postgresql", port: 5432 },
        });
        expect(apps).toContainEqual({ name: "grafana", hostname: "grafana-staging.example.com", protocol: "http" });
    });
});

describe("a local port", () => {
    it("is the service's own, above those of the system", () => {
        expect(want(["orders-db", "bastion"]).map(({ usualPort }) => usualPort)).toEqual([5433, 10_022]);
    });

    it("is the next one where the usual one is taken", async () => {
        await using taken = await occupy();
        expect(await portNear(taken.port)).toBeGreaterThan(taken.port);
    });

    it("that was asked for is had or refused, with the option that chooses another", async () => {
        await using taken = await occupy();
        const mistakes = new Mistakes();
        const servers = await takePorts(want(["cache", "bastion"], { cache: taken.port }), mistakes);
        expect(servers.size).toBe(1);
        for (const server of servers.values()) {
            server.close();
        }
        expect(() => mistakes.throwIfAny()).toThrow(
            `cache: port ${taken.port} of 127.0.0.1 cannot be had; write another one: --local cache=PORT, or end what listens there`,
        );
    });

    it("that was asked for is not given to a neighbour of another app", async () => {
        await using taken = await occupy();
        const next = await portNear(taken.port);
        const mistakes = new Mistakes();
        const apps = want(["orders-db", "cache"], { cache: next }).map((app) =>
            app.name === "orders-db" ? { ...app, usualPort: taken.port } : app,
        );
        const servers = await takePorts(apps, mistakes);
        const ports = new Map([...servers].map(([{ name }, server]) => [name, server.address()]));
        for (const server of servers.values()) {
            server.close();
        }
        mistakes.throwIfAny();
        expect(ports.get("cache")).toMatchObject({ port: next });
    });
});

describe("a catalogue", () => {
    it("is what a stack prints", async () => {
        using files = folder();
        const printed = await sallyport(["connect", "--stack", "staging", "--write-catalogue"]);
        expect(printed.exitCode).toBe(0);
        const read = readCatalogue(files.write("apps.json", String(printed.stdout)));
        expect(read).toEqual(await catalogueOfStack("staging"));
    });

    it("finds the edge's certificate from its own folder on", () => {
        using files = folder();
        const edge = { address: "127.0.0.1:8443", caFile: "ca.pem" };
        const file = files.write("apps.json", JSON.stringify({ version: 1, apps: [], edge }));
        expect(readCatalogue(file).edge?.caFile).toBe(file.replace("apps.json", "ca.pem"));
    });

    it("tells every mistake with its path", () => {
        using files = folder();
        const apps = [{ name: "", hostname: "https://db", protocol: "oracle", service: "tcp://postgres:5432" }];
        const edge = { address: "192.0.2.1:443", caFile: "ca.pem" };
        const file = files.write("apps.json", JSON.stringify({ version: 2, apps, edge }));
        const lines = () => {
            try {
                readCatalogue(file);
                return [];
            } catch (error) {
                return (error as Error).message.split("\n").map((line) => line.slice(`--catalogue ${file}: `.length));
            }
        };
        expect(lines()).toEqual([
            'version is not 1, the only version there is; write "version": 1',
            "apps[0].name is empty; write the name that people type",
            'apps[0].hostname is not a host name in lower case, such as "db.example.com"',
            expect.stringContaining("apps[0].protocol "),
            expect.stringContaining("apps[0] "),
            'edge.address is not on loopback; write such as "127.0.0.1:8443"',
        ]);
        expect(() => readCatalogue("/nonexistent/apps.json")).toThrow("--write-catalogue");
    });
});

describe("the service token", () => {
    const token = { clientId: "0123.access", clientSecret: "hush" };

    it("comes from a file that nobody else reads, anew each time", () => {
        using files = folder();
        const file = files.write("ci.json", JSON.stringify(token));
        const read = tokenSource(file, {});
        expect(read()).toEqual(token);
        files.write("ci.json", JSON.stringify({ ...token, clientSecret: "new" }));
        expect(read()?.clientSecret).toBe("new");
    });

    it("is refused from a file that others read, that is missing, or that holds something else, which is not quoted", () => {
        using files = folder();
        const open = files.write("open.json", JSON.stringify(token), 0o640);
        expect(() => tokenSource(open, {})).toThrow(
            `"${open}" can be read by others (mode 640); run: chmod 600 ${open}`,
        );
        expect(() => tokenSource("/nonexistent/ci.json", {})).toThrow("cannot be read: ENOENT");
        const other = files.write("other.json", '"hush"');
        expect(() => tokenSource(other, {})).toThrow(`"${other}" is no service token`);
        expect(() => tokenSource(other, {})).not.toThrow("hush");
    });

    it("comes from the environment, whole or not at all", () => {
        const { clientId, clientSecret } = token;
        expect(
            tokenSource(undefined, { CF_ACCESS_CLIENT_ID: clientId, CF_ACCESS_CLIENT_SECRET: clientSecret })(),
        ).toEqual(token);
        expect(tokenSource(undefined, {})()).toBeUndefined();
        expect(() => tokenSource(undefined, { CF_ACCESS_CLIENT_SECRET: clientSecret })).toThrow(
            "CF_ACCESS_CLIENT_SECRET is set and CF_ACCESS_CLIENT_ID is not",
        );
    });
});

describe("what cloudflared logs", () => {
    it("is read for logins and failures", () => {
        const url = "https://db.example.com/cdn-cgi/access/cli?aud=1&token=2";
        expect(readAccessLog(url)).toEqual({ kind: "login", url });
        const prefix = "2026-01-01T00:00:00Z ERR failed to connect to origin";
        expect(readAccessLog(`${prefix} error="dial tcp: \\"x\\" refused" originURL=https://db`)).toEqual({
            kind: "failed",
            error: 'dial tcp: "x" refused',
        });
        expect(readAccessLog(`${prefix} error=EOF originURL=https://db`)).toEqual({ kind: "failed", error: "EOF" });
        expect(readAccessLog("2026-01-01T00:00:00Z INF Start Websocket listener host=127.0.0.1:1")).toBeUndefined();
    });

    it("is explained by the edge's answer", () => {
        const login = { status: 302, location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/db" };
        expect(explainAnswer(login, true)).toContain("does not take the service token");
        expect(explainAnswer(login, false)).toContain("asks for a login");
        expect(explainAnswer({ status: 403, location: undefined }, true)).toContain("refuses the service token");
        expect(explainAnswer({ status: 530, location: undefined }, true)).toBe(
            "no connector of the hostname's tunnel is connected: 530",
        );
        expect(explainAnswer({ status: 418, location: undefined }, true)).toContain("418");
    });
});

describe("what is printed", () => {
    const none = new Mistakes();

    it("is a connection string without a password, at the port that is tried first", () => {
        expect(connectionStrings(want(["orders-db", "cache", "bastion"], { cache: 7000 }), none)).toBe(
            "postgresql://USER@127.0.0.1:5433/DATABASE\nredis://127.0.0.1:7000/0\nssh -p 10022 USER@127.0.0.1\n",
        );
        none.throwIfAny();
        const mistakes = new Mistakes();
        connectionStrings(want(["db.example.org"]), mistakes);
        expect(() => mistakes.throwIfAny()).toThrow(
            "db.example.org: has no usual port; choose one: --local db.example.org=PORT",
        );
    });

    it("is what ssh needs to start cloudflared itself, certificates included where the app has them", () => {
        const lines = sshConfig(want(["bastion", "git.example.org"]), "/opt/cloudflared", none);
        none.throwIfAny();
        expect(lines).toContain(
            'Match host bastion.example.com exec "/opt/cloudflared access ssh-gen --hostname %h"\n',
        );
        expect(lines).toContain("Host git.example.org\n  ProxyCommand /opt/cloudflared access ssh --hostname %h\n");
        const mistakes = new Mistakes();
        sshConfig(want(["bastion"]), "/my tools/cloudflared", mistakes);
        expect(() => mistakes.throwIfAny()).toThrow("has a space");
    });
});

describe("sallyport connect", () => {
    it("refuses with exit 2, before anything is started", async () => {
        const args = ["connect", "nope", "grafana", "--stack", "staging", "--service-token", "/nonexistent/ci.json"];
        const { exitCode, stdout, stderr } = await sallyport(args);
        expect(exitCode).toBe(2);
        expect(stdout).toBe("");
        expect(stderr).toContain("3 mistakes:");
        expect(stderr).toContain('--service-token: "/nonexistent/ci.json" cannot be read: ENOENT');
    });
});

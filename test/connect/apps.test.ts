import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { catalogueOfStack } from "../../cli/connect/environment.ts";
import { compose, connectionStrings, sshConfig } from "../../cli/connect/print.ts";
import { wantedApps } from "../../cli/connect/request.ts";
import { Mistakes } from "../../cli/mistakes.ts";
import { sallyport } from "../support/cli.ts";
import { catalogue, want } from "./support/apps.ts";

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

    it("is a part of a Compose file, for one app that has a port", () => {
        const snippet = compose(want(["orders-db"]), none);
        none.throwIfAny();
        const [listen, , connection] = parse(snippet).services["orders-db"].command;
        expect(listen).toContain("exec tcpsvd -c 30 127.0.0.1 5433 ");
        expect(connection).toContain("cloudflared access tcp --hostname orders-db.example.com ");
        const mistakes = new Mistakes();
        compose(want(["cache", "db.example.org"]), mistakes);
        expect(() => mistakes.throwIfAny()).toThrow(/2 mistakes:[\s\S]*prints one app[\s\S]*has no usual port/);
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

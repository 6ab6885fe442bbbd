import { describe, expect, it } from "vitest";
import { TcpApp, type TcpAppArgs, TcpProtocol } from "../../components/index.ts";
import { protocolOf } from "../../components/validation/index.ts";
import { audienceTag, deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const HOSTNAME = "db.example.com";
const args: TcpAppArgs = {
    accountId: ACCOUNT,
    hostname: HOSTNAME,
    protocol: TcpProtocol.PostgreSql,
    host: "postgres",
    policyIds: ["staff"],
};

async function made(changes: Partial<TcpAppArgs> = {}) {
    const deployment = await deploy(() => new TcpApp("db", { ...args, ...changes }));
    expect(deployment.error).toBeUndefined();
    return { ...deployment, app: deployment.result as TcpApp };
}

describe("TcpApp", () => {
    it("stands an Access application before the host name and says what the tunnel needs to know", async () => {
        const { app, inputsOf } = await made();
        expect(inputsOf(Token.AccessApplication, "db-application")).toMatchObject({
            type: "self_hosted",
            domain: HOSTNAME,
            policies: [{ id: "staff", precedence: 1 }],
            sessionDuration: "24h",
            serviceAuth401Redirect: true,
        });
        expect(await promiseOf(app.service)).toBe("tcp://postgres:5432");
        expect(await promiseOf(app.audience)).toBe(audienceTag("db-application"));
    });

    it.each([
        [TcpProtocol.PostgreSql, "tcp://origin:5432", "postgresql://USER@127.0.0.1:5432/DATABASE"],
        [TcpProtocol.MySql, "tcp://origin:3306", "mysql://USER@127.0.0.1:3306/DATABASE"],
        [TcpProtocol.Redis, "tcp://origin:6379", "redis://127.0.0.1:6379/0"],
        [TcpProtocol.Ssh, "ssh://origin:22", "ssh USER@db.example.com"],
        [TcpProtocol.Rdp, "rdp://origin:3389", "127.0.0.1:3389"],
        [TcpProtocol.Smb, "smb://origin:445", "smb://USER@127.0.0.1:10445/SHARE"],
        [TcpProtocol.Vnc, "tcp://origin:5900", "vnc://127.0.0.1:5900"],
    ])("knows the port of %s and how its clients are told", async (protocol, service, connection) => {
        const { app } = await made({ protocol, host: "origin" });
        expect(await promiseOf(app.service)).toBe(service);
        expect(await promiseOf(app.connectionString)).toBe(connection);
    });

    it("opens another local port where the origin's own needs privileges, and the one that is asked for", async () => {
        const smb = await made({ protocol: TcpProtocol.Smb });
        expect(await promiseOf(smb.app.clientCommand)).toContain("--hostname db.example.com --url 127.0.0.1:10445");
        const chosen = await made({ port: 6543, localPort: 15432 });
        expect(await promiseOf(chosen.app.service)).toBe("tcp://postgres:6543");
        expect(await promiseOf(chosen.app.clientCommand)).toContain("--url 127.0.0.1:15432");
    });

    it.each([
        [TcpProtocol.Ssh, "ssh"],
        [TcpProtocol.Vnc, "vnc"],
    ])("shows %s in the browser only where it is asked for", async (protocol, type) => {
        const plain = await made({ protocol });
        expect(plain.inputsOf(Token.AccessApplication, "db-application")).toMatchObject({ type: "self_hosted" });
        const rendered = await made({ protocol, browserRendered: true });
        expect(rendered.inputsOf(Token.AccessApplication, "db-application")).toMatchObject({ type });
    });

    it("stays the application that it was as a ZeroTrustApp", async () => {
        const { resource } = await made();
        const { aliases } = resource("sallyport:index:TcpApp", "db");
        expect(aliases).toContainEqual(expect.objectContaining({ type: "sallyport:index:ZeroTrustApp" }));
    });
});

describe("an SSH application", () => {
    const ssh = { protocol: TcpProtocol.Ssh, host: "bastion" };

    it("has certificates that Access signs unless they are refused", async () => {
        const { app, inputsOf } = await made(ssh);
        expect(inputsOf(Token.ShortLivedCertificate, "db-ssh-ca")).toMatchObject({ accountId: ACCOUNT });
        expect(await promiseOf(app.sshCaPublicKey)).toMatch(/^ecdsa-sha2-nistp256 /);
        expect(await promiseOf(app.sshConfig)).toBe(
            [
                'Match host db.example.com exec "cloudflared access ssh-gen --hostname %h"',
                "  ProxyCommand cloudflared access ssh --hostname %h",
                "  IdentityFile ~/.cloudflared/%h-cf_key",
                "  CertificateFile ~/.cloudflared/%h-cf_key-cert.pub",
                "",
            ].join("\n"),
        );
        expect(await promiseOf(app.sshdConfig)).toContain("TrustedUserCAKeys /etc/ssh/cloudflare-access-ca.pub\n");
        expect(await promiseOf(app.sshdConfig)).toContain("PasswordAuthentication no\n");
    });

    it("without them is reached with the person's own key", async () => {
        const { app, resources } = await made({ ...ssh, shortLivedCertificates: false });
        expect(resources.filter(({ type }) => type === Token.ShortLivedCertificate)).toEqual([]);
        expect(await promiseOf(app.sshConfig)).toBe(
            "Host db.example.com\n  ProxyCommand cloudflared access ssh --hostname %h\n",
        );
        expect(await promiseOf(app.sshCaPublicKey)).toBe("");
        expect(await promiseOf(app.sshdConfig)).toBe("");
    });

    it("is the only kind with lines for ssh", async () => {
        const { app } = await made();
        expect(await promiseOf(app.sshConfig)).toBe("");
    });
});

describe("TcpApp refuses", () => {
    it("every mistake at once, and registers nothing", async () => {
        const { error, resources } = await deploy(
            () =>
                new TcpApp("db", {
                    accountId: "acme",
                    hostname: "*.example.com",
                    protocol: TcpProtocol.Tcp,
                    host: "tcp://postgres",
                    policyIds: [],
                    browserRendered: true,
                    shortLivedCertificates: true,
                    localPort: 70_000,
                    sessionDuration: "1 day",
                }),
        );
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "accountId",
            "browserRendered",
            "host",
            "hostname",
            "localPort",
            "policyIds",
            "port",
            "sessionDuration",
            "shortLivedCertificates",
        ]);
        expect(problemsOf(error).port).toBe('is missing, and "tcp" has none of its own. Write the port of the origin.');
        expect(resources).toEqual([]);
    });

    it("a protocol that it does not know", async () => {
        const { error } = await deploy(() => new TcpApp("db", { ...args, protocol: "gopher" as TcpProtocol }));
        expect(problemsOf(error)).toEqual({ protocol: expect.stringMatching(/^"gopher" is unknown.*postgresql/) });
    });

    it("a list of policies that turns out to be empty", async () => {
        const { error } = await deploy(() => new TcpApp("db", { ...args, policyIds: Promise.resolve([]) }));
        expect(problemsOf(error)).toEqual({ policyIds: expect.stringMatching(/nobody could ever enter/) });
        expect(String((error as Error).message)).toContain('TcpApp "db"');
    });
});

describe("what an origin speaks", () => {
    it.each([
        ["tcp", 5432, TcpProtocol.PostgreSql],
        ["tcp", 3306, TcpProtocol.MySql],
        ["tcp", 5900, TcpProtocol.Vnc],
        ["tcp", 22, TcpProtocol.Tcp],
        ["tcp", 12345, TcpProtocol.Tcp],
        ["ssh", 2222, TcpProtocol.Ssh],
        ["ssh", undefined, TcpProtocol.Ssh],
        ["rdp", undefined, TcpProtocol.Rdp],
        ["smb", undefined, TcpProtocol.Smb],
    ] as const)("%s on port %s is %s", (scheme, port, protocol) => {
        expect(protocolOf(scheme, port)).toBe(protocol);
    });
});

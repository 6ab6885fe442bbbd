import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TunnelLink, type TunnelLinkArgs } from "../../components/index.ts";
import { schemaProblems, TraefikFile } from "../../components/proxy/traefik/schemaProblems.ts";
import { ACCOUNT, Token } from "../components/fixtures.ts";
import { deploy, problemsOf, promiseOf, uuid } from "../support/mocks.ts";
import { twoSites } from "./support/federations.ts";

const HOSTNAME = "forge-ldap.example.com";
const args: TunnelLinkArgs = {
    accountId: ACCOUNT,
    federation: twoSites(),
    from: "forge",
    to: "ldap",
    hostname: HOSTNAME,
};

/** The same pair over HTTP. */
function overHttp() {
    const federation = twoSites();
    Object.assign(federation.services[0] ?? {}, { protocol: "http", port: 3000 });
    Object.assign(federation.intentions[0] ?? {}, { port: 3000 });
    return federation;
}

async function made(changes: Partial<TunnelLinkArgs> = {}) {
    const deployment = await deploy(() => new TunnelLink("forge-ldap", { ...args, ...changes }));
    expect(deployment.error).toBeUndefined();
    const link = deployment.result as TunnelLink;
    const [files, secretFiles] = [await promiseOf(link.files), await promiseOf(link.secretFiles)];
    const text = (name: string) => files.find(({ path }) => path.endsWith(`/${name}`))?.content ?? "";
    return { ...deployment, link, files, secretFiles, text };
}

describe("TunnelLink", () => {
    it("lets the one service token of its pair through to the used service, and nobody else", async () => {
        const { inputsOf, link } = await made();
        expect(inputsOf(Token.AccessPolicy, "forge-ldap-audience-machines")).toMatchObject({
            decision: "non_identity",
            includes: [{ serviceToken: { tokenId: uuid("forge-ldap-token-token") } }],
        });
        expect(await promiseOf(link.service)).toBe("tcp://ldap.service.consul:636");
        expect(await promiseOf(link.nodes)).toEqual(["b1"]);
        expect(await promiseOf(link.tradeOff)).toMatchObject({ authorisation: "per-pair", inbound: [] });
    });

    it("opens a port of loopback on the using side, each connection of which cloudflared carries", async () => {
        const { link, text } = await made({ user: "gitea" });
        expect(await promiseOf(link.address)).toBe("127.0.0.1:10636");
        const socket = text("sallyport-forge-ldap.socket").split("\n");
        expect(socket).toContain("ListenStream=127.0.0.1:10636");
        expect(socket).toContain("Accept=yes");
        const instance = text("sallyport-forge-ldap@.service").split("\n");
        expect(instance).toContain("LoadCredential=service-token:/etc/sallyport/forge-ldap/service-token");
        expect(instance).toContain("IPAddressDeny=any");
        expect(text("connect.sh")).toContain(`cloudflared access tcp --hostname ${HOSTNAME}`);
        expect(text("firewall.nft")).toContain("tcp dport { 10636 } meta skuid != { 0, gitea } reject");
        expect(await promiseOf(link.start)).toMatch(
            /^nft -f .*firewall\.nft && .*restart sallyport-forge-ldap\.socket$/,
        );
    });

    it("keeps the token in a file that root alone reads, and nowhere else", async () => {
        const { link, files, secretFiles } = await made();
        expect(secretFiles).toEqual([
            {
                path: "/etc/sallyport/forge-ldap/service-token",
                mode: "0400",
                owner: "0:0",
                content: "forge-ldap-token-token.access\nforge-ldap-token-token client secret\n",
            },
        ]);
        expect(JSON.stringify(files)).not.toContain("client secret");
        expect(await pulumi.isSecret(link.secretFiles)).toBe(true);
    });

    it("adds the token to each request over HTTP, whatever the program sent as such", async () => {
        const { link, secretFiles, text } = await made({ federation: overHttp(), host: "ldap" });
        expect(await promiseOf(link.service)).toBe("http://ldap:3000");
        const [statics, dynamic] = [parse(text("traefik.yml")), parse(secretFiles[0]?.content ?? "")];
        expect(schemaProblems(TraefikFile.Static, statics, "static")).toEqual([]);
        expect(schemaProblems(TraefikFile.Dynamic, dynamic, "dynamic")).toEqual([]);
        expect(statics.entryPoints).toEqual({ link: { address: "127.0.0.1:3000" } });
        expect(dynamic.http.middlewares.token.headers.customRequestHeaders).toEqual({
            "CF-Access-Client-Id": "forge-ldap-token-token.access",
            "CF-Access-Client-Secret": "forge-ldap-token-token client secret",
        });
        expect(dynamic.http.services.link.loadBalancer).toMatchObject({
            passHostHeader: false,
            servers: [{ url: `https://${HOSTNAME}` }],
        });
        expect(await promiseOf(link.renew)).toBe("systemctl reload sallyport-forge-ldap");
    });

    it("replaces the secret by the calendar where it is told to", async () => {
        const rotation = { since: "2020-01-01", every: "720h", overlap: "48h" };
        const { inputsOf } = await made({ rotation });
        expect(inputsOf(Token.ServiceToken, "forge-ldap-token-token").clientSecretVersion).toBeGreaterThan(70);
    });

    it.each([
        ["to", 'no intention lets "wiki" use', { from: "wiki" }],
        ["to", "no intention lets", { to: "mail" }],
        ["hostname", "wildcard", { hostname: "*.example.com" }],
        ["accountId", "is not an account id", { accountId: "1" }],
        ["host", "is not a host", { host: "ldap:636" }],
        ["tokenDuration", "1h", { tokenDuration: "10m" }],
        ["rotation.overlap", "", { rotation: { since: "2020-01-01", every: "24h", overlap: "48h" } }],
        ["localPort", "is not a port", { localPort: 0 }],
        ["user", "is not a user", { user: "Gitea User" }],
        ["folder", "is not a folder", { folder: "etc" }],
        ["federation.name", "is not a name", { federation: { ...twoSites(), name: "" } }],
    ])("refuses %s where it says %s, and registers nothing", async (path, reason, changes) => {
        const { error, resources } = await deploy(() => new TunnelLink("forge-ldap", { ...args, ...changes }));
        expect(problemsOf(error)[path]).toContain(reason);
        expect(resources).toEqual([]);
    });
});

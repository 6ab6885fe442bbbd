import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
    NamedTunnel,
    type NamedTunnelArgs,
    SwarmTunnelSidecar,
    TunnelIngress,
    TunnelManagement,
} from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, AUD, CREDENTIALS, Token, TUNNEL, textOf, ZONE } from "./fixtures.ts";

const made = (args: Partial<NamedTunnelArgs> = {}) =>
    deploy(() => new NamedTunnel("edge", { accountId: ACCOUNT, ...args }));

describe("a locally managed tunnel", () => {
    const ingress = {
        accountId: ACCOUNT,
        zoneId: ZONE,
        tunnelId: TUNNEL,
        team: "example",
        management: TunnelManagement.Local,
        routes: [
            {
                hostname: "app.example.com",
                path: "/admin",
                service: "https://traefik:8443",
                audience: AUD,
                originRequest: { connectTimeout: 10, matchSniToHost: true, keepAliveConnections: 5 },
            },
            { hostname: "db.example.com", service: "tcp://postgres:5432", audience: AUD },
        ],
    };

    it("says so to Cloudflare", async () => {
        const { inputsOf } = await made({ management: TunnelManagement.Local });
        expect(inputsOf(Token.Tunnel, "edge-tunnel")).toMatchObject({ configSrc: "local" });
    });

    it("has its rules in a file for the connectors, with the same demands, and no document at Cloudflare", async () => {
        const { result, resources } = await deploy(() => new TunnelIngress("ingress", ingress));
        expect(resources.filter(({ type }) => type === Token.TunnelConfig)).toEqual([]);
        const file = JSON.parse(await promiseOf((result as TunnelIngress).configFile));
        expect(file).toEqual({
            tunnel: TUNNEL,
            ingress: [
                {
                    hostname: "app.example.com",
                    path: "^/admin(/|$)",
                    service: "https://traefik:8443",
                    originRequest: {
                        connectTimeout: "10s",
                        matchSNItoHost: true,
                        keepAliveConnections: 5,
                        caPool: "/etc/sallyport/origin-ca.pem",
                        access: { required: true, teamName: "example", audTag: [AUD] },
                    },
                },
                {
                    hostname: "db.example.com",
                    service: "tcp://postgres:5432",
                    originRequest: { access: { required: true, teamName: "example", audTag: [AUD] } },
                },
                { service: "http_status:404" },
            ],
        });
        expect(resources.filter(({ type }) => type === Token.DnsRecord)).toHaveLength(2);
    });

    it("gives the file to its connectors beside the credentials", async () => {
        const { inputsOf } = await deploy(
            () =>
                new SwarmTunnelSidecar("connector", {
                    tunnelId: TUNNEL,
                    credentials: CREDENTIALS,
                    configFile: '{"ingress":[]}',
                    networkIds: ["n"],
                }),
        );
        expect(textOf(inputsOf(Token.Config, "connector-ingress"))).toBe('{"ingress":[]}');
        expect(inputsOf(Token.Service, "connector-service")).toMatchObject({
            taskSpec: {
                containerSpec: {
                    args: [
                        "tunnel",
                        "--config",
                        "/etc/cloudflared/config.json",
                        "run",
                        "--credentials-file",
                        "/run/secrets/tunnel-credentials.json",
                        TUNNEL,
                    ],
                    configs: [expect.objectContaining({ fileName: "/etc/cloudflared/config.json" })],
                },
            },
        });
    });

    it("of Cloudflare's has no file, and one without rules is refused", async () => {
        const { result } = await deploy(
            () => new TunnelIngress("ingress", { ...ingress, management: TunnelManagement.Remote }),
        );
        expect(await promiseOf((result as TunnelIngress).configFile)).toBe("");
        const sidecar = { tunnelId: TUNNEL, credentials: CREDENTIALS, configFile: "", networkIds: ["n"] };
        const { error } = await deploy(() => new SwarmTunnelSidecar("connector", sidecar));
        expect(problemsOf(error)).toEqual({ configFile: expect.stringMatching(/is empty.*"local"/) });
    });
});

describe("a tunnel's secret", () => {
    afterEach(() => {
        vi.useRealTimers();
    });

    it("is another one with each version, and the first is as it was before versions were counted", async () => {
        const first = await made({ secretVersion: 1 });
        expect(first.inputsOf(Token.RandomPassword, "edge-secret")).toEqual({ length: 64, special: false });
        const second = await made({ secretVersion: 2 });
        expect(second.inputsOf(Token.RandomPassword, "edge-secret")).toMatchObject({ keepers: { version: "2" } });
    });

    it("follows a schedule", async () => {
        vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-04-02T00:00:00Z") });
        const { inputsOf, result } = await made({ rotation: { since: "2027-01-01", every: "2160h" } });
        expect(inputsOf(Token.RandomPassword, "edge-secret")).toMatchObject({ keepers: { version: "2" } });
        expect(await promiseOf((result as NamedTunnel).rotatesAt)).toBe("2027-06-30T00:00:00Z");
    });
});

describe("an adopted tunnel", () => {
    const token = Buffer.from(JSON.stringify({ a: ACCOUNT, t: TUNNEL, s: "c2VjcmV0" })).toString("base64");
    const adopt = (args: Partial<NamedTunnelArgs>, remoteConfig: boolean) =>
        deploy(() => new NamedTunnel("edge", { accountId: ACCOUNT, adoptTunnelId: TUNNEL, ...args }), {
            calls: {
                "cloudflare:index/getZeroTrustTunnelCloudflaredToken:getZeroTrustTunnelCloudflaredToken": { token },
            },
            state: { "edge-tunnel": { remoteConfig } },
        });

    it("is imported with the secret that it has", async () => {
        const { resource, resources, result, error } = await adopt({}, true);
        expect(error).toBeUndefined();
        expect(resource(Token.Tunnel, "edge-tunnel")).toMatchObject({
            importId: `${ACCOUNT}/${TUNNEL}`,
            ignoreChanges: ["configSrc", "tunnelSecret"],
        });
        expect(resource(Token.Tunnel, "edge-tunnel").inputs).not.toHaveProperty("tunnelSecret");
        expect(resources.filter(({ type }) => type === Token.RandomPassword)).toEqual([]);
        const { credentials } = result as NamedTunnel;
        expect(JSON.parse(await promiseOf(credentials))).toEqual({
            AccountTag: ACCOUNT,
            TunnelID: TUNNEL,
            TunnelSecret: "c2VjcmV0",
        });
        expect(await pulumi.isSecret(credentials)).toBe(true);
    });

    it("has to be managed as the program says", async () => {
        const { error } = await adopt({}, false);
        expect(problemsOf(error)).toEqual({ management: expect.stringMatching(/locally managed. Write "local"/) });
        expect((await adopt({ management: TunnelManagement.Local }, false)).error).toBeUndefined();
    });

    it("keeps its secret, and is told by ids that are known", async () => {
        const { error, resources } = await made({
            accountId: pulumi.output(ACCOUNT),
            adoptTunnelId: "office",
            secretVersion: 2,
            formerName: "old",
        });
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "accountId",
            "adoptTunnelId",
            "formerName",
            "secretVersion",
        ]);
        expect(resources).toEqual([]);
    });
});

it("a tunnel of an older program becomes this one under each name that it may have had", async () => {
    const { resource } = await made({ formerName: "old-tunnel" });
    const former = resource(Token.Tunnel, "edge-tunnel").aliases.filter(({ name }) => name === "old-tunnel");
    expect(former.map(({ type }) => type)).toEqual([
        "cloudflare:index/argoTunnel:ArgoTunnel",
        "cloudflare:index/tunnel:Tunnel",
        "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    ]);
});

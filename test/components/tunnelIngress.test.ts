import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type IngressRoute, TunnelIngress, ZeroTrustApp } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, AUD, Token, TUNNEL, ZONE } from "./fixtures.ts";

const tunnel = { accountId: ACCOUNT, zoneId: ZONE, tunnelId: TUNNEL, team: "example" };
const access = { required: true, teamName: "example", audTags: [AUD] };

function ingress(...routes: IngressRoute[]) {
    return deploy(() => new TunnelIngress("in", { ...tunnel, routes }));
}

function rulesOf({ inputsOf }: Awaited<ReturnType<typeof ingress>>) {
    const { config } = inputsOf(Token.TunnelConfig, "in-config") as {
        config: { ingresses: Record<string, unknown>[] };
    };
    return config.ingresses;
}

describe("TunnelIngress", () => {
    it("writes one document whose rule demands the Access token from the connector and whose last rule is a 404", async () => {
        const { inputsOf } = await ingress({
            hostname: "a.example.com",
            service: "http://grafana:3000",
            audience: AUD,
        });
        expect(inputsOf(Token.TunnelConfig, "in-config")).toEqual({
            accountId: ACCOUNT,
            tunnelId: TUNNEL,
            config: {
                ingresses: [
                    { hostname: "a.example.com", service: "http://grafana:3000", originRequest: { access } },
                    { service: "http_status:404" },
                ],
            },
        });
    });

    it("publishes a name as a proxied CNAME to the tunnel whose comment names its guard", async () => {
        const { inputsOf } = await ingress({
            hostname: "a.example.com",
            service: "http://grafana:3000",
            audience: AUD,
        });
        const record = inputsOf(Token.DnsRecord, "in-a.example.com");
        expect(record).toEqual({
            zoneId: ZONE,
            name: "a.example.com",
            type: "CNAME",
            content: `${TUNNEL}.cfargotunnel.com`,
            proxied: true,
            ttl: 1,
            comment: `Guarded by Access, aud ${AUD}`,
        });
        expect((record.comment as string).length).toBeLessThanOrEqual(100);
    });

    it("publishes a name only after its ingress rule and all of its Access applications", async () => {
        const policyIds = ["staff"];
        const { resource } = await deploy(() => {
            const app = new ZeroTrustApp("app", { accountId: ACCOUNT, hostname: "a.example.com", policyIds });
            const admin = new ZeroTrustApp("admin", {
                accountId: ACCOUNT,
                hostname: "a.example.com",
                path: "/admin",
                policyIds,
            });
            const service = "http://grafana:3000";
            const routes = [
                { hostname: "a.example.com", service, audience: app.audience },
                { hostname: "a.example.com", path: "/admin", service, audience: admin.audience },
            ];
            return new TunnelIngress("in", { ...tunnel, routes });
        });
        const document = resource(Token.TunnelConfig, "in-config");
        const applications = ["app", "admin"].map(
            (name) => resource(Token.AccessApplication, `${name}-application`).urn,
        );

        expect(document.dependencies).toEqual(expect.arrayContaining(applications));
        expect(resource(Token.DnsRecord, "in-a.example.com").dependencies).toEqual(
            expect.arrayContaining([document.urn, ...applications]),
        );
    });

    it("publishes each name once, wildcards too, and says how many guards stand before it", async () => {
        const service = "http://grafana:3000";
        const { resources, inputsOf, result } = await ingress(
            { hostname: "a.example.com", service, audience: AUD },
            { hostname: "a.example.com", path: "/admin", service, audience: "e".repeat(64) },
            { hostname: "*.example.com", service, audience: AUD },
        );
        const names = resources.filter(({ type }) => type === Token.DnsRecord).map(({ inputs }) => inputs.name);
        expect(names.toSorted()).toEqual(["*.example.com", "a.example.com"]);
        expect(inputsOf(Token.DnsRecord, "in-a.example.com").comment).toBe(
            `Guarded by Access, aud ${"e".repeat(64)} +1`,
        );
        expect(await promiseOf((result as TunnelIngress).hostnames)).toEqual(["*.example.com", "a.example.com"]);
        expect(await promiseOf((result as TunnelIngress).configVersion)).toBe(7);
    });

    it("verifies a TLS origin against the origin CA beside the system's roots, and never switches the check off", async () => {
        const rules = rulesOf(
            await ingress(
                {
                    hostname: "a.example.com",
                    service: "https://traefik:8443",
                    audience: AUD,
                    originRequest: { originServerName: "traefik", httpHostHeader: "grafana", connectTimeout: 10 },
                },
                {
                    hostname: "b.example.com",
                    service: pulumi.output("wss://chat:443"),
                    audience: AUD,
                    originRequest: { matchSniToHost: true },
                },
                {
                    hostname: "c.example.com",
                    service: "https://status.example.org",
                    audience: AUD,
                    originRequest: { publicCa: true },
                },
                { hostname: "d.example.com", service: pulumi.output("tcp://postgres:5432"), audience: AUD },
            ),
        );
        const caPool = "/etc/sallyport/origin-ca.pem";
        expect(rules.map((rule) => rule.originRequest)).toEqual([
            { originServerName: "traefik", httpHostHeader: "grafana", connectTimeout: 10, caPool, access },
            { matchSnItoHost: true, caPool, access },
            { access },
            { access },
            undefined,
        ]);
    });

    it("anchors a path, which cloudflared would otherwise find anywhere in the URL", async () => {
        const rules = rulesOf(
            await ingress({ hostname: "a.example.com", path: "/v1.0/admin", service: "http://x", audience: AUD }),
        );
        expect(rules[0]).toMatchObject({ path: "^/v1\\.0/admin(/|$)" });
        const pattern = new RegExp(rules[0]?.path as string);
        expect(["/v1.0/admin", "/v1.0/admin/users"].every((path) => pattern.test(path))).toBe(true);
        expect(["/v1.0/administrator", "/x/v1.0/admin", "/v1x0/admin"].some((path) => pattern.test(path))).toBe(false);
    });

    it("writes the same document whatever the order of the routes in the program", async () => {
        const routes = ["*.example.com", "b.example.com", "a.example.com"].map((hostname) => ({
            hostname,
            service: "http://x",
            audience: AUD,
        }));
        const forwards = rulesOf(await ingress(...routes));
        expect(rulesOf(await ingress(...routes.toReversed()))).toEqual(forwards);
        expect(forwards.map(({ hostname }) => hostname)).toEqual([
            "a.example.com",
            "b.example.com",
            "*.example.com",
            undefined,
        ]);
    });

    it("serves nothing but 404 without a route", async () => {
        const deployed = await ingress();
        expect(rulesOf(deployed)).toEqual([{ service: "http_status:404" }]);
        expect(deployed.resources.filter(({ type }) => type === Token.DnsRecord)).toEqual([]);
    });

    it("refuses a route without a guard, and registers nothing", async () => {
        const unguarded = { hostname: "a.example.com", service: "http://x" };
        const missing = await ingress(unguarded as IngressRoute);
        expect(problemsOf(missing.error)).toEqual({ "routes[0].audience": "is missing. Write a text." });
        const { error, resources } = await ingress({ ...unguarded, audience: " " });
        expect(problemsOf(error)).toEqual({
            "routes[0].audience": 'is empty. Give the "audience" of a ZeroTrustApp.',
        });
        expect(missing.resources).toEqual([]);
        expect(resources).toEqual([]);
    });

    it("refuses two routes on one host name and path", async () => {
        const route = { hostname: "a.example.com", path: "/x", service: "http://x", audience: AUD };
        const { error } = await ingress(route, { ...route, path: "/y" }, route);
        expect(problemsOf(error)).toEqual({
            "routes[2].hostname":
                '"a.example.com/x" is served by routes[0] already. Give one of them another host name or path.',
        });
    });

    it("tells all mistakes at once, by their path", async () => {
        const routes = [
            {
                hostname: "a.example.com:8443",
                path: "/",
                service: "ftp://x",
                audience: AUD,
            },
            {
                hostname: "b.example.com",
                service: "tcp://postgres:5432",
                audience: AUD,
                originRequest: {
                    originServerName: "x",
                    matchSniToHost: true,
                    connectTimeout: 1.5,
                    keepAliveConnections: -1,
                    httpHostHeader: "http://x",
                },
            },
        ];
        const { error } = await deploy(
            () =>
                new TunnelIngress("in", {
                    accountId: "x",
                    zoneId: "y",
                    tunnelId: "z",
                    team: "example.cloudflareaccess.com",
                    routes,
                }),
        );
        expect(problemsOf(error)).toEqual({
            accountId: expect.stringContaining("is not an account id"),
            zoneId: expect.stringContaining("is not a zone id"),
            tunnelId: expect.stringContaining("is not a tunnel id"),
            team: '"example.cloudflareaccess.com" is the whole team domain. Write its first label: "example".',
            "routes[0].hostname": '"a.example.com:8443" contains a port. Visitors use 443; write "a.example.com".',
            "routes[0].path": '"/" is the whole host name. Leave "path" out.',
            "routes[0].service": expect.stringContaining('has the unknown scheme "ftp"'),
            "routes[1].originRequest.originServerName":
                'has no meaning for "tcp://postgres:5432", which is not TLS. Leave it out.',
            "routes[1].originRequest.matchSniToHost": 'contradicts "originServerName". Leave one of them out.',
            "routes[1].originRequest.connectTimeout":
                "1.5 is not a number of seconds. Write a whole number between 0 and 86400.",
            "routes[1].originRequest.keepAliveConnections":
                "-1 is not a number of connections. Write a whole number from 0 on.",
            "routes[1].originRequest.httpHostHeader": '"http://x" is not a host. Write one such as "grafana.internal".',
        });
    });
});

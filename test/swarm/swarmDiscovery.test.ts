import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { SwarmDiscovery, type SwarmDiscoveryArgs } from "../../components/index.ts";
import { exposureName } from "../../components/swarm/exposureName.ts";
import { ACCOUNT, CERTIFICATE, Token, textOf, ZONE } from "../components/fixtures.ts";
import { deploy, pem, problemsOf, promiseOf, type RegisteredResource } from "../support/mocks.ts";
import { labels, overlay, RULES, service } from "./support/labelled.ts";

const WEB = exposureName("shop_web");
const NETWORK = "docker:index/network:Network";

const args = (more: Partial<SwarmDiscoveryArgs> = {}): SwarmDiscoveryArgs => ({
    accountId: ACCOUNT,
    zoneId: ZONE,
    team: "example",
    owner: "staging",
    services: [service("shop_web")],
    rules: RULES,
    policyIds: { staff: ["policy-staff"], oncall: ["policy-oncall-people", "policy-oncall-tokens"] },
    ...more,
});

const discovered = (more?: Partial<SwarmDiscoveryArgs>) => deploy(() => new SwarmDiscovery("swarm", args(more)));

/** What each resource of some type says in one of its inputs. */
const valuesOf = (resources: readonly RegisteredResource[], type: string, input: string) =>
    resources.filter((one) => one.type === type).map(({ inputs }) => inputs[input]);

describe("SwarmDiscovery", () => {
    it("puts an application with the audience's policies before the service, then the rule, then the record", async () => {
        const { resource } = await discovered();
        const application = resource(Token.AccessApplication, `${WEB}-web-dev.example.com-application`);
        const document = resource(Token.TunnelConfig, `${WEB}-config`);
        const record = resource(Token.DnsRecord, `${WEB}-web-dev.example.com`);
        expect(application.inputs).toMatchObject({
            name: "staging-shop_web",
            domain: "web-dev.example.com",
            sessionDuration: "12h",
            policies: [{ id: "policy-staff", precedence: 1 }],
        });
        expect(document.inputs.config).toMatchObject({
            ingresses: [
                {
                    hostname: "web-dev.example.com",
                    service: "http://tasks.shop_web.shop_default:8080",
                    originRequest: { access: { required: true, teamName: "example" } },
                },
                { service: "http_status:404" },
            ],
        });
        expect(document.dependencies).toContain(application.urn);
        expect(record.dependencies).toEqual(expect.arrayContaining([application.urn, document.urn]));
    });

    it("gives the connector the service's own network and no other, and marks whose it is", async () => {
        const { inputsOf, resources } = await discovered();
        const { taskSpec, labels: marks } = inputsOf(Token.Service, `${WEB}-service`) as {
            taskSpec: { networksAdvanceds: unknown };
            labels: unknown;
        };
        expect(taskSpec.networksAdvanceds).toEqual([{ id: "id-of-shop_default" }]);
        expect(marks).toEqual([
            { label: "sallyport.exposure", value: WEB },
            { label: "sallyport.stack", value: "staging" },
        ]);
        expect(valuesOf(resources, NETWORK, "name")).toEqual([]);
    });

    it("gives the connector of a service without a way out one of its own", async () => {
        const networks = [overlay("shop_db", { internal: true })];
        const { inputsOf } = await discovered({ services: [service("shop_web", { networks })] });
        expect(inputsOf(NETWORK, `${WEB}-egress`)).toMatchObject({
            name: `sallyport-staging-${WEB}-egress`,
            internal: false,
            attachable: false,
        });
        expect(inputsOf(Token.Service, `${WEB}-service`)).toMatchObject({
            taskSpec: { networksAdvanceds: [{ id: "id-of-shop_db" }, { id: `${WEB}-egress-id` }] },
        });
    });

    it("says in tunnel and record whose they are, so that clusters share an account and a zone", async () => {
        const { inputsOf } = await discovered({ revision: "0123456789" });
        expect(inputsOf(Token.Tunnel, `${WEB}-tunnel`).name).toBe(`sallyport-staging-${WEB}`);
        const { comment } = inputsOf(Token.DnsRecord, `${WEB}-web-dev.example.com`) as { comment: string };
        expect(comment).toMatch(new RegExp(`^Sallyport staging/${WEB} 0123456789, aud [0-9a-f]{8}$`));
        const longest = { owner: "o".repeat(24), revision: "0123456789" };
        const long = await discovered({ ...longest, services: [service("w".repeat(63))] });
        const [text] = valuesOf(long.resources, Token.DnsRecord, "comment") as [string];
        expect(text.length).toBeLessThanOrEqual(100);
    });

    it("guards each path by itself, with the policies of all its audiences", async () => {
        const routes = labels({
            "sallyport.0.path": "/admin",
            "sallyport.0.audience": "oncall,staff",
            "sallyport.1.port": "9090",
        });
        const { inputsOf, resources } = await discovered({ services: [service("shop_web", { labels: routes })] });
        const admin = inputsOf(Token.AccessApplication, `${WEB}-web-dev.example.com/admin-application`);
        expect(admin.policies).toEqual(
            ["policy-oncall-people", "policy-oncall-tokens", "policy-staff"].map((id, index) => ({
                id,
                precedence: index + 1,
            })),
        );
        expect(valuesOf(resources, Token.DnsRecord, "name")).toEqual(["web-dev.example.com"]);
        expect(valuesOf(resources, Token.AccessApplication, "name").toSorted()).toEqual([
            "staging-shop_web web-dev.example.com",
            "staging-shop_web web-dev.example.com/admin",
        ]);
    });

    it("checks the certificate of a TLS service against the environment's authority and the service's name", async () => {
        const { inputsOf, resources } = await discovered({
            rules: { ...RULES, schemes: ["https"] },
            services: [service("shop_web", { labels: labels({ "sallyport.scheme": "https" }) })],
            originCaPem: CERTIFICATE,
            edge: { addresses: ["10.0.0.1:7844"], caPem: CERTIFICATE, teamProxy: { address: "10.0.0.1:7848" } },
        });
        expect(inputsOf(Token.TunnelConfig, `${WEB}-config`).config).toMatchObject({
            ingresses: [
                { originRequest: { originServerName: "shop_web", caPool: "/etc/sallyport/origin-ca.pem" } },
                {},
            ],
        });
        expect(inputsOf(Token.Service, `${WEB}-service`)).toMatchObject({
            taskSpec: { containerSpec: { env: { NO_PROXY: "tasks.shop_web.shop_default" } } },
        });
        const plain = await discovered({ originCaPem: CERTIFICATE });
        expect(resources.filter(({ type }) => type === Token.Config)).toHaveLength(2);
        expect(plain.resources.filter(({ type }) => type === Token.Config)).toHaveLength(0);
    });

    describe("of a service that asks for what only a proxy does", () => {
        const offered = [
            { name: "calm", rateLimit: { average: 10 } },
            { name: "unused", compress: {} },
        ];
        const rules = { ...RULES, schemes: ["http" as const, "tcp" as const], middlewares: offered };
        const proxied = (more: Record<string, string>, args: Partial<SwarmDiscoveryArgs> = {}) =>
            discovered({ rules, services: [service("shop_web", { labels: labels(more) })], ...args });
        const textOfConfig = ({ inputsOf }: Awaited<ReturnType<typeof discovered>>, name: string) =>
            parse(textOf(inputsOf(Token.Config, `${WEB}-tls-${name}`)));

        it("keeps the connector away from the service: it meets the proxy on a network where nobody else is", async () => {
            const { inputsOf } = await proxied({ "sallyport.tls": "true" });
            expect(inputsOf(NETWORK, `${WEB}-front`)).toMatchObject({ internal: true, attachable: false });
            expect(inputsOf(Token.Service, `${WEB}-service`)).toMatchObject({
                taskSpec: { networksAdvanceds: [{ id: `${WEB}-front-id` }, { id: `${WEB}-egress-id` }] },
            });
            expect(inputsOf(Token.Service, `${WEB}-tls-service`)).toMatchObject({
                taskSpec: { networksAdvanceds: [{ id: `${WEB}-front-id` }, { id: "id-of-shop_default" }] },
            });
        });

        it("has the connector verify the proxy's certificate, of an authority that certifies nothing else", async () => {
            const { inputsOf, resource } = await proxied(
                { "sallyport.tls": "true" },
                { edge: { addresses: ["10.0.0.1:7844"], caPem: CERTIFICATE, teamProxy: { address: "10.0.0.1:7848" } } },
            );
            expect(inputsOf(Token.TunnelConfig, `${WEB}-config`).config).toMatchObject({
                ingresses: [
                    {
                        service: "https://traefik:8443",
                        originRequest: { caPool: "/etc/sallyport/origin-ca.pem", access: { required: true } },
                    },
                    { service: "http_status:404" },
                ],
            });
            expect(inputsOf(Token.Service, `${WEB}-service`)).toMatchObject({
                taskSpec: { containerSpec: { env: { NO_PROXY: "traefik" } } },
            });
            const authority = inputsOf("sallyport:index:MkcertCA", `${WEB}-tls`);
            expect(authority.permitted).toEqual({ dnsDomains: ["traefik"] });
            const trusted = textOf(inputsOf(Token.Config, `${WEB}-origin-ca`));
            expect(new X509Certificate(trusted).subject).toBe(
                new X509Certificate(pem("CERTIFICATE", `${WEB}-tls-certificate`)).subject,
            );
            expect(resource(Token.Secret, `${WEB}-tls-key-0`).secrets).toEqual(["data"]);
        });

        it("sends each path through the middlewares that it chose, and believes the connector alone about visitors", async () => {
            const deployed = await proxied({
                "sallyport.0.path": "/admin",
                "sallyport.0.audience": "oncall",
                "sallyport.0.middlewares": "calm",
                "sallyport.1.port": "9090",
            });
            const { http } = textOfConfig(deployed, "dynamic");
            expect(http.routers).toMatchObject({
                "route-0": { rule: expect.stringContaining("PathPrefix(`/admin/`)"), middlewares: ["calm"] },
                "route-1": { rule: "Host(`web-dev.example.com`)" },
            });
            expect(http.routers["route-1"].middlewares).toBeUndefined();
            expect(http.services["route-1"].loadBalancer.servers).toEqual([
                { url: "http://tasks.shop_web.shop_default:9090" },
            ]);
            expect(Object.keys(http.middlewares)).toEqual(["calm", "sallyport-visitor-headers"]);
            const front = deployed.resource(NETWORK, `${WEB}-front`).urn;
            expect(deployed.resource(Token.Config, `${WEB}-tls-static`).dependencies).toContain(front);
            const { entryPoints } = textOfConfig(deployed, "static");
            expect(entryPoints.websecure.forwardedHeaders).toEqual({ insecure: false, trustedIPs: ["10.0.2.0/24"] });
        });

        it("lets TCP pass by the proxy, straight to the service", async () => {
            const { inputsOf } = await proxied({
                "sallyport.0.tls": "true",
                "sallyport.1.hostname": "wiki.example.com",
                "sallyport.1.scheme": "tcp",
            });
            expect(inputsOf(Token.TunnelConfig, `${WEB}-config`).config).toMatchObject({
                ingresses: [
                    { hostname: "web-dev.example.com", service: "https://traefik:8443" },
                    { hostname: "wiki.example.com", service: "tcp://tasks.shop_web.shop_default:8080" },
                    {},
                ],
            });
            expect(inputsOf(Token.Service, `${WEB}-service`)).toMatchObject({
                taskSpec: { networksAdvanceds: [{ id: `${WEB}-front-id` }, { id: "id-of-shop_default" }] },
            });
        });

        it("refuses a middleware that nothing can be made of, by its path in the rules", async () => {
            const broken = [{ name: "calm", rateLimit: { average: 0 } }, { name: "calm" }];
            const { error, resources } = await discovered({ rules: { ...RULES, middlewares: broken } });
            expect(problemsOf(error)).toEqual({
                "rules.middlewares[0].rateLimit.average": "0 does not fit. Write a whole number from 1 on.",
                "rules.middlewares[1].name": expect.stringContaining("already"),
                "rules.middlewares[1]": expect.stringContaining("is of no kind"),
            });
            expect(resources).toEqual([]);
        });
    });

    it("publishes nothing of a refused service, whatever else it publishes, and tells both", async () => {
        const bad = service("shop_bad", { labels: labels({ "sallyport.hostname": "evil.example.org" }) });
        const { result, resources } = await discovered({ services: [bad, service("shop_web")] });
        const swarm = result as SwarmDiscovery;
        expect(await promiseOf(swarm.hostnames)).toEqual(["web-dev.example.com"]);
        expect(await promiseOf(swarm.exposed)).toEqual(["shop_web"]);
        expect(await promiseOf(swarm.refused)).toMatchObject([
            { serviceName: "shop_bad", problems: [{ path: "sallyport.hostname" }] },
        ]);
        expect(JSON.stringify(resources.map(({ name }) => name))).not.toContain("bad");
    });

    it("keeps none of the labels of others: they may hold passwords, and arguments are kept in the state", async () => {
        const foreign = labels({ "traefik.http.middlewares.a.basicauth.users": "ada:planted-hash" });
        const { resources } = await discovered({ services: [service("shop_web", { labels: foreign })] });
        expect(JSON.stringify(resources.map(({ inputs }) => inputs))).not.toContain("planted-hash");
    });

    it("is not stopped for all by one service whose labels nobody can read", async () => {
        const strange = service("strange", { labels: labels({ "sallyport.hostname": "w\u202Eeb-dev.example.com" }) });
        const { error, result } = await discovered({ services: [strange, service("shop_web")] });
        expect(error).toBeUndefined();
        expect(await promiseOf((result as SwarmDiscovery).exposed)).toEqual(["shop_web"]);
    });

    it("refuses rules that allow nothing or go beyond the zone, and audiences without policies, before anything is made", async () => {
        const { error, resources } = await discovered({
            owner: "a stack",
            rules: { ...RULES, hostnames: ["*.example.org", "a.*.example.com", "*-*.example.com"], services: [] },
            policyIds: { staff: [] },
        });
        expect(problemsOf(error)).toEqual({
            owner: expect.stringContaining("is no owner"),
            "rules.hostnames[0]": expect.stringContaining('outside the zone "example.com"'),
            "rules.hostnames[1]": expect.stringContaining("beyond its first label"),
            "rules.hostnames[2]": expect.stringContaining('more than one "*"'),
            "rules.services": expect.stringContaining("is empty"),
            "policyIds.staff": "is missing. Give the policyIds of that audience.",
            "policyIds.oncall": "is missing. Give the policyIds of that audience.",
        });
        expect(resources).toEqual([]);
    });
});

import { describe, expect, it } from "vitest";
import { type ExposedRoute, exposuresOf } from "../../components/swarm/exposures.ts";
import type { LabelledService } from "../../components/swarm/labelledService.ts";
import type { LabelRules } from "../../components/swarm/labelRules.ts";
import { labels, overlay, RULES, service } from "./support/labelled.ts";

function routesOf(all: Record<string, string>, rules: LabelRules = RULES): ExposedRoute[] {
    const { exposures, refused } = exposuresOf([service("web", { labels: all })], rules);
    expect(refused).toEqual([]);
    return exposures[0]?.routes ?? [];
}

function problemsOf(one: LabelledService, rules: LabelRules = RULES): Record<string, string> {
    const { exposures, refused } = exposuresOf([one], rules);
    expect(exposures).toEqual([]);
    return Object.fromEntries((refused[0]?.problems ?? []).map(({ path, reason }) => [path, reason]));
}

describe("labels of a service", () => {
    it("become a route to the service's own tasks on its own network, for the audience that they name", () => {
        const { exposures, refused } = exposuresOf([service("shop_web")], RULES);
        expect(refused).toEqual([]);
        expect(exposures).toEqual([
            {
                name: expect.stringMatching(/^shop-web-[0-9a-f]{10}$/),
                serviceId: "id-of-shop_web",
                serviceName: "shop_web",
                network: { id: "id-of-shop_default", name: "shop_default", internal: false },
                proxied: false,
                routes: [
                    {
                        hostname: "web-dev.example.com",
                        service: "http://tasks.shop_web.shop_default:8080",
                        audiences: ["staff"],
                        session: "12h",
                    },
                ],
            },
        ]);
    });

    it("say path, session and several audiences", () => {
        const route = { "sallyport.path": "/admin", "sallyport.session": "30m" };
        expect(routesOf(labels(route))).toMatchObject([{ path: "/admin", session: "30m", audiences: ["staff"] }]);
        expect(routesOf(labels({ "sallyport.audience": "staff, oncall" }))).toMatchObject([
            { audiences: ["staff", "oncall"], session: "12h" },
        ]);
    });

    it("say several routes by index; what a route leaves out stands without an index", () => {
        const routes = routesOf({
            "sallyport.enable": "true",
            "sallyport.audience": "staff",
            "sallyport.port": "80",
            "sallyport.1.hostname": "wiki.example.com",
            "sallyport.1.audience": "oncall",
            "sallyport.0.hostname": "web-dev.example.com",
            "sallyport.0.port": "8080",
        });
        expect(routes).toMatchObject([
            { hostname: "web-dev.example.com", service: expect.stringMatching(/:8080$/), audiences: ["staff"] },
            { hostname: "wiki.example.com", service: expect.stringMatching(/:80$/), audiences: ["oncall"] },
        ]);
    });

    it("speak TLS to a certificate in the service's own name where the owner allows it", () => {
        const [route] = routesOf(labels({ "sallyport.scheme": "https" }), { ...RULES, schemes: ["http", "https"] });
        expect(route).toMatchObject({
            service: "https://tasks.web.shop_default:8080",
            originServerName: "web",
        });
    });

    it("that switch it off, or are not Sallyport's, or are its own marks ask for nothing", () => {
        const others = [
            labels({ "sallyport.enable": "false", "sallyport.audience": "nobody knows" }),
            { "traefik.enable": "true" },
            { "sallyport.stack": "staging" },
            {},
        ].map((all, index) => service(`web${index}`, { labels: all }));
        expect(exposuresOf(others, RULES)).toEqual({ exposures: [], refused: [] });
    });

    it("are refused all at once, each by its path, with what to write instead", () => {
        const { "sallyport.hostname": _, ...rest } = labels({
            "sallyport.port": "http",
            "sallyport.autience": "staff",
        });
        expect(problemsOf(service("web", { labels: rest }))).toEqual({
            "sallyport.hostname": "is missing. Write the public host name.",
            "sallyport.port": '"http" is not a port. Write a whole number between 1 and 65535.',
            "sallyport.autience": expect.stringMatching(/^is no label of Sallyport. Write sallyport.enable, /),
        });
    });

    it("that nobody can read are told as that, and as nothing else", () => {
        expect(
            problemsOf(service("web", { labels: labels({ "sallyport.hostname": "w\u202Eeb-dev.example.com" }) })),
        ).toEqual({
            "sallyport.hostname": "holds U+202E, which does not show. Remove it.",
        });
    });

    it("without an audience expose nothing, and say which there are", () => {
        const { "sallyport.audience": _, ...rest } = labels({});
        expect(problemsOf(service("web", { labels: rest }))).toEqual({
            "sallyport.audience": "is missing, so nobody could enter. Write one of staff, oncall.",
        });
    });

    it("that hold for no route are told, as whoever wrote them thinks that they do", () => {
        const all = labels({ "sallyport.0.hostname": "wiki.example.com" });
        expect(problemsOf(service("web", { labels: all }))).toEqual({
            "sallyport.hostname": "has no effect: every route has its own hostname. Remove it.",
        });
    });

    it("of a session that could not hold are refused: an audience's own is stronger than an application's", () => {
        const all = labels({ "sallyport.audience": "oncall", "sallyport.session": "1h" });
        expect(problemsOf(service("web", { labels: all }))).toEqual({
            "sallyport.session":
                'has no effect: the audience "oncall" has a session of its own (8h), which holds. Remove it.',
        });
    });
});

describe("a proxy before the service", () => {
    const rules: LabelRules = {
        ...RULES,
        schemes: ["http", "https", "tcp"],
        middlewares: [
            { name: "calm", rateLimit: { average: 10 } },
            { name: "plain", headers: { frameDeny: true } },
        ],
    };
    const isProxied = (all: Record<string, string>) =>
        exposuresOf([service("web", { labels: all })], rules).exposures.map(({ proxied }) => proxied);

    it("stands there for TLS, for middlewares and for paths, and for nothing else", () => {
        expect(isProxied(labels({}))).toEqual([false]);
        expect(isProxied(labels({ "sallyport.tls": "false" }))).toEqual([false]);
        expect(isProxied(labels({ "sallyport.tls": "true" }))).toEqual([true]);
        expect(isProxied(labels({ "sallyport.middlewares": "calm" }))).toEqual([true]);
        expect(isProxied(labels({ "sallyport.path": "/admin" }))).toEqual([true]);
        expect(isProxied(labels({ "sallyport.0.tls": "true", "sallyport.1.hostname": "wiki.example.com" }))).toEqual([
            true,
        ]);
    });

    it("takes requests through middlewares in the order of the label", () => {
        expect(routesOf(labels({ "sallyport.middlewares": "plain, calm" }), rules)).toMatchObject([
            { middlewares: ["plain", "calm"] },
        ]);
    });

    it("never has a middleware that the stack does not offer, and the refusal says which it does", () => {
        const asked = (value: string) => service("web", { labels: labels({ "sallyport.middlewares": value }) });
        expect(problemsOf(asked("calm,strip"), rules)).toEqual({
            "sallyport.middlewares": '"strip" is no middleware that labels may name. Write one of calm, plain.',
        });
        expect(problemsOf(asked("calm,calm"), rules)).toEqual({
            "sallyport.middlewares": 'names "calm" twice. Write it once.',
        });
        expect(problemsOf(asked("calm"))).toEqual({
            "sallyport.middlewares": '"calm" is no middleware that labels may name. There is none: remove the label.',
        });
    });

    it("is not switched off by one route while another one needs it", () => {
        const all = labels({
            "sallyport.0.path": "/admin",
            "sallyport.0.audience": "oncall",
            "sallyport.1.tls": "false",
        });
        expect(problemsOf(service("web", { labels: all }), rules)).toEqual({
            "sallyport.1.tls": expect.stringMatching(/^has no effect: .* through its proxy/),
        });
    });

    it("is refused for what is not HTTP, which no proxy of ours reads", () => {
        const stream = (more: Record<string, string>) =>
            service("db", { labels: labels({ "sallyport.scheme": "tcp", ...more }) });
        expect(problemsOf(stream({ "sallyport.tls": "true" }), rules)).toEqual({
            "sallyport.tls": 'has no meaning for "tcp", which has no proxy. Remove it.',
        });
        expect(problemsOf(stream({ "sallyport.middlewares": "calm" }), rules)).toEqual({
            "sallyport.middlewares": 'has no meaning for "tcp", which has no proxy. Remove it.',
        });
    });
});

describe("the network on which a connector meets the service", () => {
    const two = [overlay("shop_default"), overlay("shop_db", { internal: true })];

    it("is the only overlay of the service, whatever else it is attached to", () => {
        const networks = [
            { ...overlay("ingress"), ingress: true },
            { ...overlay("host"), driver: "host" },
            overlay("shop_default", { internal: true }),
        ];
        const { exposures } = exposuresOf([service("web", { networks })], RULES);
        expect(exposures[0]?.network).toEqual({ id: "id-of-shop_default", name: "shop_default", internal: true });
    });

    it("is told by a label where there are several, and is one of the service's own", () => {
        expect(problemsOf(service("web", { networks: two }))).toEqual({
            "sallyport.network":
                "is missing: the service is on shop_default, shop_db, and its connector joins one. Write its name.",
        });
        const named = (network: string) =>
            service("web", { networks: two, labels: labels({ "sallyport.network": network }) });
        expect(exposuresOf([named("shop_db")], RULES).exposures[0]?.network.id).toBe("id-of-shop_db");
        expect(problemsOf(named("bank_db"))).toEqual({
            "sallyport.network": '"bank_db" is no overlay network of the service. Write one of shop_default, shop_db.',
        });
    });

    it("is missing for a service without one, which is told how to get one", () => {
        const { "sallyport.network": reason } = problemsOf(service("web", { networks: [] }));
        expect(reason).toMatch(/on no overlay network of its own. Attach it to one/);
    });
});

describe("two services that claim one host name", () => {
    const older = service("older", { createdAt: "2026-11-22T08:00:00Z" });
    const newer = service("newer", { createdAt: "2026-11-22T09:00:00Z" });
    const holderOf = (services: LabelledService[], held?: Map<string, string>) =>
        exposuresOf(services, RULES, held).exposures.map(({ serviceName }) => serviceName);

    it("leave it to the older, and the other is told whose it is", () => {
        const { exposures, refused } = exposuresOf([newer, older], RULES);
        expect(exposures.map(({ serviceName }) => serviceName)).toEqual(["older"]);
        expect(refused).toEqual([
            {
                serviceId: "id-of-newer",
                serviceName: "newer",
                problems: [
                    {
                        path: "sallyport.hostname",
                        reason: '"web-dev.example.com" belongs to the service "older". Write another host name, or remove it there first.',
                    },
                ],
            },
        ]);
    });

    it("leave it to the one that is published already, even if it is the newer", () => {
        expect(holderOf([older, newer], new Map([["web-dev.example.com", "id-of-newer"]]))).toEqual(["newer"]);
    });

    it("are free to have it once its holder is gone or claims it no more", () => {
        const held = new Map([["web-dev.example.com", "id-of-gone"]]);
        expect(holderOf([newer, older], held)).toEqual(["older"]);
        const moved = { ...newer, labels: labels({ "sallyport.hostname": "wiki.example.com" }) };
        const stillHeld = new Map([["web-dev.example.com", "id-of-newer"]]);
        expect(holderOf([moved, older], stillHeld)).toEqual(["newer", "older"]);
    });

    it("cannot share it by paths: pages of one host name share cookies", () => {
        const below = { ...newer, labels: labels({ "sallyport.path": "/below" }) };
        expect(holderOf([older, below])).toEqual(["older"]);
    });

    it("leave nothing of the refused one: its other host names go with it, and are free", () => {
        const greedy = {
            ...newer,
            labels: {
                "sallyport.enable": "true",
                "sallyport.port": "80",
                "sallyport.audience": "staff",
                "sallyport.0.hostname": "web-dev.example.com",
                "sallyport.1.hostname": "wiki.example.com",
            },
        };
        const last = service("last", {
            createdAt: "2026-11-22T10:00:00Z",
            labels: labels({ "sallyport.hostname": "wiki.example.com" }),
        });
        const { exposures, refused } = exposuresOf([greedy, older, last], RULES);
        expect(exposures.map(({ serviceName }) => serviceName)).toEqual(["last", "older"]);
        expect(refused[0]?.problems.map(({ path }) => path)).toEqual(["sallyport.0.hostname"]);
    });
});

describe("names of exposures", () => {
    it("differ for services whose names read alike, and fit Docker and Pulumi", () => {
        const names = ["shop_web", "shop-web", "Shop_Web", "a".repeat(63), `${"a".repeat(62)}b`];
        const { exposures } = exposuresOf(
            names.map((name, index) =>
                service(name, { labels: labels({ "sallyport.hostname": `w${index}-dev.example.com` }) }),
            ),
            RULES,
        );
        const made = exposures.map(({ name }) => name);
        expect(new Set(made).size).toBe(names.length);
        expect(made.every((name) => /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$/.test(name))).toBe(true);
    });
});

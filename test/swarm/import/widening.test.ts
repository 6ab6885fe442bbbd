import { describe, expect, it } from "vitest";
import { decisionsOf } from "../../../cli/swarm/import/import.ts";
import { importLabels, importText } from "./support/compose.ts";

/** What the importer is told beforehand: who the staff are, and that services are theirs. */
const decided = {
    zone: "example.com",
    declared: new Map([["staff", { emailDomains: ["example.com"] }]]),
    fallback: "staff",
};

const dockflare = {
    "dockflare.enable": "true",
    "dockflare.hostname": "web.example.com",
    "dockflare.service": "http://web:80",
};
const sync = {
    "cloudflare.tunnel.enable": "true",
    "cloudflare.tunnel.hostname": "web.example.com",
    "cloudflare.tunnel.service": "http://web:80",
    "cloudflare.access.enable": "true",
    "cloudflare.access.app.name": "web",
};
const traefik = (rule: string, more: Record<string, string> = {}) => ({
    "traefik.enable": "true",
    "traefik.http.routers.web.rule": rule,
    "traefik.http.services.web.loadbalancer.server.port": "80",
    ...more,
});
const rules = (...list: object[]) => ({ ...dockflare, "dockflare.access.custom_rules": JSON.stringify(list) });

describe("labels that would let more in", () => {
    it.each<[string, Record<string, string>]>([
        ["everybody, by a policy that bypasses Access", { ...dockflare, "dockflare.access.policy": "bypass" }],
        ["everybody, by a group of that name", { ...dockflare, "dockflare.access.group": "bypass" }],
        ["everybody who can log in anywhere", { ...dockflare, "dockflare.access.policy": "authenticate" }],
        ["everyone, by a rule", rules({ everyone: {}, action: "allow" })],
        ["everyone, beside somebody", rules({ include: [{ email: { email: "ada@example.com" } }, { everyone: {} }] })],
        ["whom a rule bypasses", rules({ email: { email: "ada@example.com" }, action: "bypass" })],
        ["without what a rule requires", rules({ include: [{ email: { email: "a@example.com" } }], require: [{}] })],
        ["a group that rules of Access know", rules({ group: { id: "x" }, action: "allow" })],
        ["what is no JSON", { ...dockflare, "dockflare.access.custom_rules": "everyone" }],
        ["other ways to log in", { ...dockflare, "dockflare.access.allowed_idps": "0123" }],
        ["a group that nobody has described", { ...dockflare, "dockflare.access.group": "unheard-of" }],
        ["another service", { ...dockflare, "dockflare.service": "http://db:5432" }],
        ["the machine that the tunnel runs on", { ...dockflare, "dockflare.service": "http://localhost:80" }],
        ["whatever somebody names (bastion)", { ...dockflare, "dockflare.service": "bastion" }],
        ["what a label means that is unknown", { ...dockflare, "dockflare.access.reqire": "mfa" }],
        ["names below the zone's names", { ...dockflare, "dockflare.hostname": "a.b.example.com" }],
        ["every name", { ...dockflare, "dockflare.hostname": "*.example.com" }],
        ["a name outside the zone", { ...dockflare, "dockflare.hostname": "web" }],
        ["a policy without a list", { ...sync, "cloudflare.access.policy.1.name": "elsewhere" }],
        ["a bypass", { ...sync, "cloudflare.access.policy.1.action": "bypass" }],
        ["a condition of headers", traefik("Host(`web.example.com`) && Headers(`X-Key`, `1`)")],
        ["a condition of addresses", traefik("Host(`web.example.com`) && ClientIP(`10.0.0.0/8`)")],
        ["one path and not those below it", traefik("Host(`web.example.com`) && Path(`/status`)")],
        ["all but a path", traefik("Host(`web.example.com`) && !PathPrefix(`/admin`)")],
        ["names by a pattern", traefik("HostRegexp(`.+`)")],
        ["a path of every name", traefik("PathPrefix(`/api`)")],
        ["half a rule", traefik("Host(`web.example.com`) && ")],
        [
            "without a password",
            traefik("Host(`web.example.com`)", { "traefik.http.routers.web.middlewares": "auth@file" }),
        ],
        [
            "addresses that a middleware of another kind keeps out",
            traefik("Host(`web.example.com`)", {
                "traefik.http.routers.web.middlewares": "office",
                "traefik.http.middlewares.office.ipallowlist.sourcerange": "10.0.0.0/8",
            }),
        ],
        [
            "without a client certificate",
            traefik("Host(`web.example.com`)", { "traefik.http.routers.web.tls.options": "mtls" }),
        ],
        ["every TLS name", { "traefik.tcp.routers.web.rule": "HostSNI(`*`)" }],
        [
            "Traefik's own API",
            traefik("Host(`web.example.com`)", { "traefik.http.routers.web.service": "api@internal" }),
        ],
        [
            "without a password, in Traefik 1",
            {
                "traefik.port": "80",
                "traefik.frontend.rule": "Host:web.example.com",
                "traefik.frontend.auth.basic": "ada:x",
            },
        ],
    ])("%s: shut, and the line says so", (_, labels) => {
        const result = importLabels(labels, decided);
        expect(result.services.filter(({ exposed }) => exposed)).toEqual([]);
        expect(decisionsOf(result).map(({ service }) => service)).toContain("web");
        expect(result.keys).toBeUndefined();
        const [file] = result.files;
        expect(file?.text).not.toContain("sallyport.");
    });

    it("stay shut where nothing says who may enter and nobody has decided it", () => {
        for (const labels of [dockflare, traefik("Host(`web.example.com`)")]) {
            const result = importLabels(labels);
            expect(result.keys).toBeUndefined();
            expect(decisionsOf(result)[0]?.reason).toContain("--default-audience");
        }
    });

    it("stay shut where no host name tells a zone", () => {
        const result = importLabels({ ...dockflare, "dockflare.hostname": "web" }, { ...decided, zone: undefined });
        expect(result.keys).toBeUndefined();
        expect(decisionsOf(result)[0]?.reason).toContain("--zone");
    });

    it("let nobody in for longer: what says nothing has a day, whatever others ask for", () => {
        const text = `services:
  long: { image: a, labels: { dockflare.enable: "true", dockflare.hostname: long.example.com, dockflare.service: "http://long:80", dockflare.access.session_duration: 720h } }
  short: { image: b, labels: { dockflare.enable: "true", dockflare.hostname: short.example.com, dockflare.service: "http://short:80" } }
`;
        const { translated, keys } = importText(text, decided);
        expect(keys?.["sallyport:swarm"].maxSession).toBe("720h");
        expect(translated.map(({ labels }) => labels["sallyport.session"])).toEqual(["720h", "24h"]);
    });

    it("may claim exactly their own names, audiences, ports and services", () => {
        const { keys } = importLabels(dockflare, decided);
        expect(keys).toEqual({
            "sallyport:zone": "example.com",
            "sallyport:audiences": { staff: { emailDomains: ["example.com"] } },
            "sallyport:swarm": {
                hostnames: ["web.example.com"],
                audiences: ["staff"],
                services: ["shop_web"],
                ports: [80],
                maxSession: "24h",
            },
        });
    });

    it("of a policy before the first that lets somebody in keep that somebody out", () => {
        const { keys } = importLabels({
            ...sync,
            "cloudflare.access.policy.2.name": "staff",
            "cloudflare.access.policy.2.action": "allow",
            "cloudflare.access.policy.2.include.emails": "ada@example.com,eve@example.com",
            "cloudflare.access.policy.1.name": "never",
            "cloudflare.access.policy.1.action": "deny",
            "cloudflare.access.policy.1.include.emails": "eve@example.com",
        });
        expect(keys?.["sallyport:audiences"]).toEqual({
            web: { emails: ["ada@example.com"], exclude: { emails: ["eve@example.com"] } },
        });
    });
});

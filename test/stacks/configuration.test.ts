import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { ConfigError, type ConfigIssue } from "../../stacks/config/configError.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { labelRulesOf } from "../../stacks/config/swarm.ts";

const project = join(import.meta.dirname, "../..");

type Values = Record<string, unknown> & { "sallyport:apps": Record<string, unknown>[] };
let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-stack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Reads the staging example after a change to its values. */
function read(change: (values: Values) => void, { stack = "staging", environment = {} } = {}) {
    const file = parse(readFileSync(join(project, "Pulumi.staging.yaml"), "utf8")) as { config: Values };
    change(file.config);
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify(file));
    return readStackFile(folder, stack, { environment });
}

function issuesOf(change: (values: Values) => void, options?: Parameters<typeof read>[1]): readonly ConfigIssue[] {
    try {
        read(change, options);
    } catch (error) {
        if (error instanceof ConfigError) {
            return error.issues;
        }
        throw error;
    }
    return [];
}

const firstApp = (change: Record<string, unknown>) => (values: Values) =>
    Object.assign(values["sallyport:apps"][0] ?? {}, change);

describe("the stack files in the project", () => {
    it.each(["staging", "prod"])("%s is complete and right", (stack) => {
        const environment = readStackFile(project, stack, { environment: {} });
        expect(environment.apps.length).toBeGreaterThan(0);
        expect(environment.apps.every(({ audience }) => audience.length > 0)).toBe(true);
    });
});

describe("what labels of services may ask for", () => {
    const swarm = (more: object) => (values: Values) =>
        Object.assign(values, {
            "sallyport:swarm": { hostnames: ["*-staging.example.com"], audiences: ["staff"], ...more },
        });

    it("is nothing where the stack does not say it, and else held against its zone, audiences and apps", () => {
        expect(read(() => {}).swarm).toBeUndefined();
        const { swarm: config, zone, audiences, apps } = read(swarm({ audiences: ["staff", "oncall"] }));
        if (config === undefined) throw new Error("the key was not read");
        expect(labelRulesOf(config, { zone: zone.name, audiences, apps })).toEqual({
            zone: "example.com",
            hostnames: ["*-staging.example.com"],
            audiences: [{ name: "staff" }, { name: "oncall", sessionDuration: "8h" }],
            reservedHostnames: apps.map(({ hostname }) => hostname),
        });
    });

    it("includes the middlewares that the stack offers, by their names", () => {
        const middlewares = { calm: { rateLimit: { average: 10, periodSeconds: 60 } }, small: { compress: {} } };
        const { swarm: config, zone, audiences, apps } = read(swarm({ middlewares }));
        if (config === undefined) throw new Error("the key was not read");
        expect(labelRulesOf(config, { zone: zone.name, audiences, apps }).middlewares).toEqual([
            { name: "calm", rateLimit: { average: 10, periodSeconds: 60 } },
            { name: "small", compress: {} },
        ]);
    });

    it.each<[string, object, string, RegExp]>([
        ["an unknown audience", { audiences: ["everyone"] }, "audiences[0]", /not declared.*staff/],
        ["the same audience twice", { audiences: ["staff", "staff"] }, "audiences[1]", /already/],
        ["no audience", { audiences: [] }, "audiences", /is empty/],
        ["no host name", { hostnames: [] }, "hostnames", /is empty/],
        ["a name in another zone", { hostnames: ["*.example.org"] }, "hostnames[0]", /outside the zone/],
        ["a name too deep for Universal SSL", { hostnames: ["*.dev.example.com"] }, "hostnames[0]", /Universal SSL/],
        ["a star beyond the first label", { hostnames: ["a.*.com"] }, "hostnames[0]", /beyond its first label/],
        ["an unknown scheme", { schemes: ["unix"] }, "schemes[0]", /http, https, tcp, ssh/],
        ["a port that is none", { ports: [0] }, "ports[0]", /not a port/],
        ["an endless session", { maxSession: "forever" }, "maxSession", /not a duration/],
        ["a pattern of services that is none", { services: ["a b"] }, "services[0]", /no pattern/],
        ["a middleware of no kind", { middlewares: { calm: {} } }, "middlewares.calm", /is of no kind.*rateLimit/],
        [
            "a middleware that asks others",
            { middlewares: { verify: { forwardAuth: { address: "https://verifier:8443" } } } },
            "middlewares.verify.forwardAuth",
            /not a key here/,
        ],
        [
            "a limit that lets nobody through",
            { middlewares: { calm: { rateLimit: { average: 0 } } } },
            "middlewares.calm.rateLimit.average",
            /whole number from 1 on/,
        ],
        [
            "a header over two lines",
            { middlewares: { tags: { headers: { request: { "X-Team": "a\nX-Admin: true" } } } } },
            "middlewares.tags.headers.request.X-Team",
            /holds a line end/,
        ],
        [
            "a middleware called like the proxy's own",
            { middlewares: { "sallyport-visitor-headers": { compress: {} } } },
            "middlewares.sallyport-visitor-headers",
            /is the proxy's own/,
        ],
        ["an unknown key", { everyone: true }, "everyone", /not a key here/],
    ])("is refused with %s", (_, more, path, reason) => {
        const issue = issuesOf(swarm(more)).find((one) => one.path === `sallyport:swarm.${path}`);
        expect(issue?.reason).toMatch(reason);
    });
});

describe("a mistake in a stack file is refused with its path and what to write instead", () => {
    it.each<[string, (values: Values) => void, string, RegExp]>([
        ["unknown key", (v) => Object.assign(v, { "sallyport:appz": [] }), "sallyport:appz", /not a key.*apps/],
        ["unknown key of an app", firstApp({ hostnam: "x" }), "sallyport:apps[0].hostnam", /not a key here/],
        [
            "hostname with a scheme",
            firstApp({ hostname: "https://x.example.com" }),
            "sallyport:apps[0].hostname",
            /scheme|https/,
        ],
        [
            "hostname outside the zone",
            firstApp({ hostname: "x.other.org" }),
            "sallyport:apps[0].hostname",
            /example\.com/,
        ],
        [
            "hostname too deep for Universal SSL",
            firstApp({ hostname: "a.b.example.com" }),
            "sallyport:apps[0].hostname",
            /Universal SSL/,
        ],
        ["no audience", firstApp({ audience: [] }), "sallyport:apps[0].audience", /nobody could enter/],
        ["audience left out", firstApp({ audience: undefined }), "sallyport:apps[0].audience", /needs an audience/],
        [
            "undeclared audience",
            firstApp({ audience: ["ghosts"] }),
            "sallyport:apps[0].audience[0]",
            /"ghosts" is not declared.*staff/,
        ],
        ["unknown service scheme", firstApp({ service: "gopher://x:1" }), "sallyport:apps[0].service", /gopher/],
        ["port out of range", firstApp({ service: "http://x:99999" }), "sallyport:apps[0].service", /99999.*65535/],
        [
            "duration in words",
            firstApp({ sessionDuration: "1 day" }),
            "sallyport:apps[0].sessionDuration",
            /1 day.*24h/,
        ],
        ["account id", (v) => Object.assign(v, { "sallyport:accountId": "me" }), "sallyport:accountId", /32/],
        ["missing team", (v) => Object.assign(v, { "sallyport:team": undefined }), "sallyport:team", /is missing/],
        [
            "wrong type",
            (v) => Object.assign(v, { "sallyport:apps": "grafana" }),
            "sallyport:apps",
            /"grafana" is not a list/,
        ],
        [
            "audience of nobody",
            (v) => Object.assign(v["sallyport:audiences"] as object, { empty: {} }),
            "sallyport:audiences.empty",
            /names nobody/,
        ],
        [
            "too many replicas",
            (v) => Object.assign(v, { "sallyport:connector": { replicas: 26 } }),
            "sallyport:connector.replicas",
            /at most 25/,
        ],
        [
            "figures that are asked for in a word",
            (v) => Object.assign(v, { "sallyport:metrics": "on" }),
            "sallyport:metrics",
            /Write "\{\}" for the proxies/,
        ],
        [
            "figures beside an app of their network's name",
            (v) => {
                v["sallyport:metrics"] = {};
                v["sallyport:apps"].push({ ...v["sallyport:apps"][0], name: "metrics", hostname: "m.example.com" });
            },
            "sallyport:apps[3].name",
            /is the name of the network of sallyport:metrics/,
        ],
        [
            "a token that opens nothing",
            (v) => Object.assign(v, { "sallyport:serviceTokens": { idle: {} } }),
            "sallyport:serviceTokens.idle",
            /No audience/,
        ],
        [
            "two apps of one name",
            (v) => v["sallyport:apps"].push({ ...v["sallyport:apps"][0], hostname: "b.example.com" }),
            "sallyport:apps[3].name",
            /already the name/,
        ],
        [
            "two apps on one hostname",
            (v) => v["sallyport:apps"].push({ ...v["sallyport:apps"][0], name: "twin" }),
            "sallyport:apps[3].hostname",
            /already served by apps\[0\]/,
        ],
        [
            "two apps on one hostname and path",
            (v) =>
                v["sallyport:apps"].push(
                    { ...v["sallyport:apps"][0], name: "a", path: "/x" },
                    { ...v["sallyport:apps"][0], name: "b", path: "/x" },
                ),
            "sallyport:apps[4].hostname",
            /already served by apps\[3\]/,
        ],
    ])("%s", (_, change, path, reason) => {
        const issues = issuesOf(change);
        expect(issues.map((issue) => issue.path)).toContain(path);
        expect(issues.find((issue) => issue.path === path)?.reason).toMatch(reason);
    });

    it("accepts two apps on one hostname with different paths", () => {
        const issues = issuesOf((v) =>
            v["sallyport:apps"].push({ ...v["sallyport:apps"][0], name: "admin", path: "/admin" }),
        );
        expect(issues).toEqual([]);
    });

    it("shows every mistake at once", () => {
        const issues = issuesOf((v) => {
            firstApp({ hostname: "https://x.example.com", service: "gopher://x:1" })(v);
            Object.assign(v, { "sallyport:team": "-", "sallyport:appz": 1 });
        });
        expect(issues.map(({ path }) => path).sort()).toEqual([
            "sallyport:apps[0].hostname",
            "sallyport:apps[0].service",
            "sallyport:appz",
            "sallyport:team",
        ]);
    });

    it("says that there is no project, and how to make one", () => {
        expect(() => readStackFile(folder, "nowhere")).toThrow(/"nowhere" has no project: .*sallyport init/);
    });

    it("says that a stack has no file", () => {
        writeFileSync(join(folder, "Pulumi.yaml"), "name: infra\nruntime: nodejs\n");
        expect(() => readStackFile(folder, "nowhere")).toThrow(/"nowhere" has no file Pulumi\.nowhere\.yaml/);
    });

    it("says where a file is not YAML", () => {
        writeFileSync(join(folder, "Pulumi.broken.yaml"), "config:\n  a: [1\n");
        expect(() => readStackFile(folder, "broken")).toThrow(/is not YAML.*line/s);
    });
});

describe("the emulator and the real API are never mistaken for each other", () => {
    it("refuses a local stack without the emulator", () => {
        expect(issuesOf(() => {}, { stack: "local" })).toMatchObject([
            { path: "sallyport:emulator", reason: /never talks to the real API/ },
        ]);
    });

    it("refuses a demo service that no app leads to, whatever would run it", () => {
        const demo = (v: Values) =>
            Object.assign(v, { "sallyport:demo": true, "sallyport:emulator": "not-read-yet.json" });
        expect(issuesOf(demo, { stack: "local" })).toEqual([
            {
                path: "sallyport:demo",
                reason: 'No app is named "demo", so nothing would lead to the demo service. Declare that app in sallyport:apps or remove the key.',
            },
        ]);
    });

    it("refuses a local stack whose API is not on loopback", () => {
        const emulator = (v: Values) => Object.assign(v, { "sallyport:emulator": "emulator.json" });
        const file = {
            apiBaseUrl: "https://api.cloudflare.com/client/v4",
            edge: ["a:1"],
            edgeCaPem: "BEGIN CERTIFICATE",
            runtime: { kind: "processes", demoService: "http://127.0.0.1:8090" },
        };
        writeFileSync(join(folder, "emulator.json"), JSON.stringify(file));
        expect(issuesOf(emulator, { stack: "local" })).toMatchObject([
            { path: "sallyport:emulator", reason: /apiBaseUrl is not on loopback/ },
        ]);
    });

    it("refuses a demo service that is not on loopback", () => {
        const emulator = (v: Values) => Object.assign(v, { "sallyport:emulator": "emulator.json" });
        const file = {
            apiBaseUrl: "http://127.0.0.1:8787/client/v4",
            edge: ["127.0.0.1:7844"],
            edgeCaPem: "BEGIN CERTIFICATE",
            runtime: { kind: "processes", demoService: "http://192.0.2.1:8090" },
        };
        writeFileSync(join(folder, "emulator.json"), JSON.stringify(file));
        expect(issuesOf(emulator, { stack: "local" })).toMatchObject([
            { path: "sallyport:emulator", reason: /runtime.demoService is not on loopback/ },
        ]);
    });

    it("says that the emulator is not running", () => {
        const emulator = (v: Values) => Object.assign(v, { "sallyport:emulator": "emulator.json" });
        expect(issuesOf(emulator, { stack: "local" })).toMatchObject([{ reason: /not running.*npm run local/ }]);
    });

    it.each<[string, (v: Values) => void, Record<string, string>]>([
        ["sallyport:emulator", (v) => Object.assign(v, { "sallyport:emulator": "x.json" }), {}],
        ["CLOUDFLARE_BASE_URL", () => {}, { CLOUDFLARE_BASE_URL: "http://127.0.0.1:8787/client/v4" }],
        [
            "CLOUDFLARE_BASE_URL",
            (v) => Object.assign(v, { "cloudflare:baseUrl": "http://127.0.0.1:8787/client/v4" }),
            {},
        ],
        ["sallyport:demo", (v) => Object.assign(v, { "sallyport:demo": true }), {}],
    ])("refuses a real stack with %s", (path, change, environment) => {
        expect(issuesOf(change, { environment }).map((issue) => issue.path)).toEqual([path]);
    });
});

import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exposureFile } from "../../cli/swarm/exposureFile.ts";
import type { Owner } from "../../cli/swarm/owner.ts";
import { exposureName } from "../../components/swarm/exposureName.ts";
import { parseExposure } from "../../stacks/config/exposure.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { deployExposure } from "../../stacks/exposure/deploy.ts";
import { Token } from "../components/fixtures.ts";
import { deploy, promiseOf } from "../support/mocks.ts";
import { labels, RULES, service } from "./support/labelled.ts";
import { OWNER } from "./support/owner.ts";

/** The small stack's program on the file that the command line writes for it. */
function deployed(owner: Owner, one = service("shop_web")) {
    const { config } = parse(exposureFile(owner, one).text) as { config: Record<string, unknown> };
    const values = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.slice("sallyport:".length), value]),
    );
    const { exposure: told, ...rest } = values;
    const exposure = parseExposure(told, "Pulumi.test.yaml");
    const raw = { stack: exposure.owner, file: "Pulumi.test.yaml", projectDir: "/" };
    const environment = parseEnvironment({ ...raw, values: { audiences: {}, ...rest } });
    return deploy(() => deployExposure(environment, exposure));
}

describe("the small stack of a labelled service", () => {
    it("publishes it as its labels ask, under the owner's name, account and policies", async () => {
        const { inputsOf, result } = await deployed(OWNER);
        const name = exposureName("shop_web");
        expect(inputsOf(Token.Tunnel, `${name}-tunnel`)).toMatchObject({
            name: `sallyport-staging-${name}`,
            accountId: OWNER.environment.accountId,
        });
        expect(inputsOf(Token.AccessApplication, `${name}-web-dev.example.com-application`)).toMatchObject({
            name: "staging-shop_web",
            policies: [{ id: "policy-staff" }],
        });
        expect(inputsOf(Token.DnsRecord, `${name}-web-dev.example.com`)).toMatchObject({
            zoneId: OWNER.zoneId,
            comment: expect.stringContaining(exposureFile(OWNER, service("shop_web")).revision),
        });
        const published = await Promise.all(result === undefined ? [] : [promiseOf(result.hostnames)]);
        expect(published).toEqual([["web-dev.example.com"]]);
    });

    it("declares nothing for labels that the rules do not allow, so that what it published goes", async () => {
        const { resources, error } = await deployed(
            OWNER,
            service("shop_web", { labels: labels({ "sallyport.audience": "admins" }) }),
        );
        expect(error).toBeUndefined();
        expect(resources.map(({ type }) => type).filter((type) => !type.startsWith("pulumi:"))).toEqual([
            "sallyport:index:SwarmDiscovery",
        ]);
    });

    it("is another one after each change of labels, rules, policies or connectors, and the same after none", () => {
        const revisionOf = (owner: Owner, one = service("shop_web")) => exposureFile(owner, one).revision;
        const { environment } = OWNER;
        const revisions = [
            revisionOf(OWNER),
            revisionOf(OWNER, service("shop_web", { labels: labels({ "sallyport.session": "1h" }) })),
            revisionOf({ ...OWNER, rules: { ...RULES, maxSession: "1h" } }),
            revisionOf({ ...OWNER, policyIds: { ...OWNER.policyIds, staff: ["another"] } }),
            revisionOf({ ...OWNER, environment: { ...environment, connector: { replicas: 3 } } }),
        ];
        expect(new Set(revisions).size).toBe(revisions.length);
        expect(revisionOf({ ...OWNER, rules: { ...RULES } })).toBe(revisions[0]);
    });

    it("runs proxies as the owner says, where labels ask for one", async () => {
        const middlewares = [{ name: "calm", rateLimit: { average: 10, burst: 20 } }];
        const environment = { ...OWNER.environment, proxy: { image: "traefik:v3.6.99", replicas: 1 } };
        const { inputsOf } = await deployed(
            { ...OWNER, environment, rules: { ...RULES, middlewares } },
            service("shop_web", { labels: labels({ "sallyport.middlewares": "calm" }) }),
        );
        expect(inputsOf(Token.Service, `${exposureName("shop_web")}-tls-service`)).toMatchObject({
            mode: { replicated: { replicas: 1 } },
            taskSpec: { containerSpec: { image: "traefik:v3.6.99" } },
        });
    });

    it("is another one twice a year where it has a proxy, whose certificate nobody else renews", () => {
        const halfYearsIn = (one: ReturnType<typeof service>) =>
            new Set(Array.from({ length: 365 }, (_, day) => exposureFile(OWNER, one, day * 86_400_000).revision)).size;
        expect(halfYearsIn(service("shop_web"))).toBe(1);
        const withProxy = service("shop_web", { labels: labels({ "sallyport.tls": "true" }) });
        expect([3, 4]).toContain(halfYearsIn(withProxy));
    });

    it("has no secret of the owner in its file", () => {
        const { text } = exposureFile(
            { ...OWNER, engineEnv: { CLOUDFLARE_API_TOKEN: "planted-token" } },
            service("web"),
        );
        expect(text).not.toContain("planted-token");
    });

    it("is refused a file that no program wrote, by the path of what is wrong", () => {
        expect(() => parseExposure({ owner: "staging" }, "Pulumi.x.yaml")).toThrow(/sallyport:exposure\.service/);
    });
});

describe("the stack that owns labelled services", () => {
    const swarm = { hostnames: ["*-dev.example.com"], audiences: ["staff"], inStack: false };
    const environment = { ...OWNER.environment, swarm };

    it("tells what their small stacks are made from, and publishes none of them itself", async () => {
        const { result, resources } = await deploy(() => deployStack(environment, undefined, [service("shop_web")]));
        expect(Object.keys((result as { swarm: object }).swarm)).toEqual(["zoneId", "policyIds"]);
        expect(resources.map(({ type }) => type)).not.toContain("sallyport:index:SwarmDiscovery");
    });

    it("publishes them with everything else where it is told to", async () => {
        const inStack = { ...environment, swarm: { ...swarm, inStack: true } };
        const { resource } = await deploy(() => deployStack(inStack, undefined, [service("shop_web")]));
        const application = resource(
            Token.AccessApplication,
            `${exposureName("shop_web")}-web-dev.example.com-application`,
        );
        expect(application.inputs.policies).toHaveLength(1);
        expect(application.dependencies).toContain(resource(Token.AccessPolicy, "staff-people").urn);
    });
});

import { describe, expect, it } from "vitest";
import { UNKNOWN_TEXT as UNKNOWN } from "../../cli/engine/marks.ts";
import { grantWords } from "../../cli/reach/difference.ts";
import type { AccessGraph } from "../../cli/reach/model.ts";
import { Token } from "../../policy/tokens.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { emails, environment, whole } from "../stacks/support/identityStack.ts";
import { uuid } from "../support/mocks.ts";
import { graphOf, graphOfProgram, resource } from "./support/stacks.ts";

function lines({ grants }: AccessGraph): string[] {
    return grants.map((grant) => {
        const { who, what, conditions } = grantWords(grant);
        return `${who} → ${what}${conditions.map((condition) => ` if ${condition}`).join(" or")}`;
    });
}

const ofStack = (staff: object, more: object = {}, preview = false) =>
    graphOfProgram(() => deployStack(environment(staff, more)), preview);

/** An application in front of a host name that a tunnel serves. */
function guarded(policies: unknown, more: object = {}) {
    return [
        resource(Token.tunnel, "tunnel-1", { name: "office" }),
        resource(Token.tunnelConfig, "config", {
            tunnelId: "tunnel-1",
            config: {
                ingresses: [
                    { hostname: "wiki.example.com", service: "http://wiki:3000" },
                    { service: "http_status:404" },
                ],
            },
        }),
        resource(Token.accessApplication, "wiki", { name: "wiki", domain: "wiki.example.com", policies, ...more }),
    ];
}

const allow = (name: string, lists: object, more: object = {}) =>
    resource(Token.accessPolicy, name, { name, decision: "allow", ...lists, ...more });
const people = { includes: [{ emailDomain: { domain: "example.com" } }] };

describe("who reaches what, by the resources of a stack", () => {
    it.each([
        ["before it is deployed", true],
        ["as deployed", false],
    ])("tells people, machines and conditions in words %s", async (_, preview) => {
        const [staff, more] = whole;
        const audiences = {
            staff,
            robots: { serviceTokens: ["ci"], require: { clientCertificate: true }, exclude: { countries: ["US"] } },
        };
        const apps = [
            { name: "wiki", hostname: "wiki.example.com", service: "http://wiki:3000", audience: ["staff", "robots"] },
        ];
        const graph = await ofStack(staff, { ...more, audiences, apps }, preview);
        expect(lines(graph)).toEqual([
            "members of staff@example.com at workspace → wiki.example.com (http://wiki:3000) if " +
                "approved by 1 of boss@example.com, authenticated by mfa, logged in through Okta or workspace, " +
                "on a device that passes staging-disk (mac) or staging-disk (windows), " +
                "on a device that passes staging-macos (mac) or staging-windows (windows), " +
                "who say why, with a client certificate, except in Contractors at Okta, except in US",
            "service token staging-ci → wiki.example.com (http://wiki:3000) if with a client certificate, except in US",
        ]);
        expect(graph.grants[0]?.target).toEqual({
            kind: "web",
            name: "wiki.example.com",
            origin: "http://wiki:3000",
            tunnel: "sallyport-staging",
        });
    });

    it.each([
        ["before it is deployed", true],
        ["as deployed", false],
    ])("tells the addresses and ports of private networks %s", async (_, preview) => {
        const office = {
            name: "office",
            networks: ["10.20.0.0/16"],
            hostnames: ["wiki.internal.example"],
            grants: [{ audience: "staff", networks: ["10.20.1.0/24"], ports: [22, 443] }, { audience: "oncall" }],
        };
        const more = {
            audiences: { staff: { emailDomains: ["example.com"], countries: ["CH"] }, oncall: { emails } },
            apps: [],
        };
        for (const ownVirtualNetwork of [false, true]) {
            const networks = { privateNetworks: [{ ...office, ownVirtualNetwork }] };
            const graph = await ofStack({}, { ...more, ...networks }, preview);
            const where = ownVirtualNetwork ? " in the virtual network staging-office" : "";
            expect(lines(graph)).toEqual([
                `ada@example.com → 10.20.0.0/16${where}`,
                `people of @example.com → 10.20.1.0/24 ports 22, 443${where} if in CH`,
                "ada@example.com → wiki.internal.example",
                "people of @example.com → wiki.internal.example if in CH",
            ]);
        }
    });

    it.each([
        ["before it is deployed", true],
        ["as deployed", false],
    ])("sees what a locally managed tunnel serves by its connectors' file %s", async (_, preview) => {
        const more = { tunnel: { management: "local" } };
        const graph = await ofStack({ emailDomains: ["example.com"] }, more, preview);
        expect(lines(graph)).toEqual(["people of @example.com → wiki.example.com (http://wiki:3000)"]);
        expect(graph.targets).toMatchObject([{ tunnel: expect.stringContaining("sallyport-staging") }]);
    });

    it("sees raw resources, groups within groups, and policies that an application carries itself", () => {
        const graph = graphOf(
            ...guarded([
                { id: "by-group", precedence: 2 },
                { precedence: 1, name: "own", decision: "non_identity", includes: [{ ip: { ip: "192.0.2.0/24" } }] },
            ]),
            allow("by-group", { includes: [{ group: { id: "outer" } }] }),
            resource(Token.accessGroup, "outer", {
                name: "outer",
                includes: [{ group: { id: "inner" } }, { email: { email: "Ada@Example.com" } }],
                requires: [{ authMethod: { authMethod: "mfa" } }],
            }),
            resource(Token.accessGroup, "inner", {
                name: "inner",
                includes: [{ githubOrganization: { name: "example", team: "ops", identityProviderId: "github" } }],
                excludes: [{ email: { email: "eve@example.com" } }],
            }),
            resource(Token.identityProvider, "github", { name: "GitHub" }),
        );
        expect(lines(graph)).toEqual([
            "ada@example.com → wiki.example.com (http://wiki:3000) if authenticated by mfa",
            "anybody from 192.0.2.0/24 → wiki.example.com (http://wiki:3000)",
            "members of example/ops at GitHub → wiki.example.com (http://wiki:3000) if authenticated by mfa, except eve@example.com",
        ]);
    });

    it("lets everybody in where nothing guards a name, and whoever another stack's application lets in where the connector asks", () => {
        const [tunnel, config] = guarded([]);
        const open = graphOf(tunnel as never, config as never);
        expect(lines(open)).toEqual(["everybody → wiki.example.com (http://wiki:3000)"]);
        const demanding = resource(Token.tunnelConfig, "config", {
            tunnelId: "tunnel-1",
            config: {
                ingresses: [
                    {
                        hostname: "wiki.example.com",
                        service: "http://wiki:3000",
                        originRequest: { access: { required: true, audTags: ["abc"] } },
                    },
                    { service: "http_status:404" },
                ],
            },
        });
        expect(lines(graphOf(tunnel as never, demanding))).toEqual([
            "whoever the Access application abc outside this stack lets in → wiki.example.com (http://wiki:3000)",
        ]);
    });

    it("takes out whom an earlier policy refuses, and nobody whom a later one does", () => {
        const refuse = resource(Token.accessPolicy, "no-eve", {
            name: "no-eve",
            decision: "deny",
            includes: [{ email: { email: "eve@example.com" } }],
        });
        const order = (first: string, second: string) => [
            { id: first, precedence: 1 },
            { id: second, precedence: 2 },
        ];
        const [before, after] = [order("no-eve", "staff"), order("staff", "no-eve")].map((policies) =>
            lines(graphOf(...guarded(policies), refuse, allow("staff", people))),
        );
        expect(before).toEqual([
            "people of @example.com → wiki.example.com (http://wiki:3000) if except eve@example.com",
        ]);
        expect(after).toEqual(["people of @example.com → wiki.example.com (http://wiki:3000)"]);
    });

    it("says so where a bypass lets people in without logging in", () => {
        const bypass = resource(Token.accessPolicy, "open", {
            name: "open",
            decision: "bypass",
            includes: [{ everyone: {} }],
        });
        const [grant] = graphOf(...guarded([{ id: "open" }]), bypass).grants;
        expect(grant && grantWords(grant)).toMatchObject({ who: "everybody", session: "without logging in" });
    });

    it("narrows people, not machines, to the ways to log in that an application leaves", () => {
        const robots = resource(Token.accessPolicy, "robots", {
            name: "robots",
            decision: "non_identity",
            includes: [{ anyValidServiceToken: {} }],
        });
        const graph = graphOf(
            ...guarded([{ id: "staff" }, { id: "robots" }], { allowedIdps: ["okta", "elsewhere"] }),
            allow("staff", people),
            robots,
            resource(Token.identityProvider, "okta", { name: "Okta" }),
        );
        expect(lines(graph)).toEqual([
            "any service token of the account → wiki.example.com (http://wiki:3000)",
            "people of @example.com → wiki.example.com (http://wiki:3000) if logged in through Okta or elsewhere",
        ]);
    });

    it("takes the most specific application for a path, and shows the rest of the name by itself", () => {
        const graph = graphOf(
            ...guarded([{ id: "staff" }]),
            resource(Token.accessApplication, "admin", {
                name: "admin",
                domain: "wiki.example.com/admin",
                policies: [{ id: "oncall" }],
            }),
            allow("staff", people),
            allow("oncall", { includes: [{ email: { email: "ada@example.com" } }] }),
        );
        expect(lines(graph)).toEqual([
            "people of @example.com → wiki.example.com (http://wiki:3000)",
            "ada@example.com → wiki.example.com/admin (http://wiki:3000)",
        ]);
    });

    it("never takes for nobody what a preview cannot know", () => {
        const graph = graphOf(
            ...guarded(UNKNOWN),
            resource(Token.accessApplication, "db", {
                name: "db",
                domain: "db.example.com",
                policies: [{ id: "partly" }],
            }),
            allow("partly", { includes: UNKNOWN }),
        );
        expect(lines(graph)).toEqual([
            "whoever partly names, known only after the deployment → db.example.com",
            "whoever policy of wiki names, known only after the deployment → wiki.example.com (http://wiki:3000)",
        ]);
    });

    it("finds the policy behind an id that is not known yet by what the application is made from", () => {
        const policy = allow("staff", people, {});
        const graph = graphOf(
            ...guarded([]).slice(0, 2),
            resource(
                Token.accessApplication,
                "wiki",
                { name: "wiki", domain: "wiki.example.com", policies: [{ id: UNKNOWN, precedence: 1 }] },
                { propertyDependencies: { policies: [policy.urn] } },
            ),
            { ...policy, id: "" },
        );
        expect(lines(graph)).toEqual(["people of @example.com → wiki.example.com (http://wiki:3000)"]);
    });

    it("names policies outside the stack instead of leaving them out", () => {
        expect(lines(graphOf(...guarded([{ id: uuid("foreign") }])))).toEqual([
            `whoever policy ${uuid("foreign")} outside this stack names, known only after the deployment → wiki.example.com (http://wiki:3000)`,
        ]);
    });

    it("opens a private network to every device where no rule refuses, and shows rules it cannot read in their own words", () => {
        const route = resource(Token.privateRoute, "route", { network: "10.0.0.0/8", tunnelId: "tunnel-1" });
        const tunnel = resource(Token.tunnel, "tunnel-1", { name: "office" });
        const rule = (name: string, precedence: number, rest: object) =>
            resource(Token.gatewayPolicy, name, { name, precedence, filters: ["l4"], enabled: true, ...rest });
        const blocked = rule("block", 10, { action: "block", traffic: "net.dst.ip in {10.0.0.0/8}" });
        expect(lines(graphOf(tunnel, route))).toEqual(["every enrolled device → 10.0.0.0/8"]);
        expect(lines(graphOf(tunnel, route, blocked))).toEqual([]);
        const strange = rule("strange", 5, {
            action: "allow",
            traffic: 'net.sni.host == "a" or net.dst.ip in {10.1.0.0/16}',
            identity: 'identity.email in {"ada@example.com"} and identity.groups.name in {"ops"}',
        });
        expect(lines(graphOf(tunnel, route, blocked, strange))).toEqual([
            'whoever meets identity.email in {"ada@example.com"} and identity.groups.name in {"ops"} → 10.0.0.0/8 if ' +
                'where net.sni.host == "a" or net.dst.ip in {10.1.0.0/16}',
        ]);
        const disabled = { ...blocked, inputs: { ...blocked.inputs, enabled: false } };
        expect(lines(graphOf(tunnel, route, disabled))).toEqual(["every enrolled device → 10.0.0.0/8"]);
    });

    it.each([
        ["http://wiki:3000", "web", undefined],
        ["tcp://postgres:5432", "tcp", undefined],
        ["ssh://bastion", "tcp", undefined],
        ["tcp://kubernetes.default:443", "cluster", "sallyport:index:ClusterAccess"],
    ])("tells from %s that it is %s", (service, kind, component) => {
        const parent = resource(component ?? "sallyport:index:ZeroTrustApp", "parent");
        const [tunnel] = guarded([]);
        const config = { ingresses: [{ hostname: "wiki.example.com", service }, { service: "http_status:404" }] };
        const graph = graphOf(
            tunnel as never,
            parent,
            resource(Token.tunnelConfig, "config", { tunnelId: "tunnel-1", config }),
            resource(
                Token.accessApplication,
                "wiki",
                { domain: "wiki.example.com", policies: [] },
                { parent: parent.urn },
            ),
        );
        expect(graph.targets).toEqual([{ kind, name: "wiki.example.com", origin: service, tunnel: "office" }]);
    });

    it("keeps what nobody reaches among the targets", () => {
        expect(graphOf(...guarded([])).targets).toMatchObject([{ name: "wiki.example.com" }]);
    });
});

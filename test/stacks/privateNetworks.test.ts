import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token } from "../components/fixtures.ts";
import { deploy, promiseOf, uuid } from "../support/mocks.ts";

const office = { name: "office", networks: ["10.20.0.0/16"], grants: [{ audience: "staff" }] };

function parsed(privateNetworks: unknown, audiences: Record<string, unknown> = {}) {
    const values = {
        accountId: "a".repeat(32),
        zone: "example.com",
        team: "example",
        audiences: {
            staff: { emailDomains: ["example.com"], countries: ["CH"] },
            robots: { serviceTokens: ["ci"] },
            ...audiences,
        },
        privateNetworks,
    };
    return parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values, projectDir });
}

function issuesOf(privateNetworks: unknown, audiences?: Record<string, unknown>): Record<string, string> {
    try {
        parsed(privateNetworks, audiences);
        return {};
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const at = (path: string) => path.replace("sallyport:privateNetworks", "");
        return Object.fromEntries(error.issues.map(({ path, reason }) => [at(path), reason]));
    }
}

describe("a private network of a stack file", () => {
    it("is routed through the stack's tunnel to its audiences, each network with Gateway rules of its own", async () => {
        const staging = readStackFile(projectDir, "staging", { environment: {} });
        const lab = { name: "lab", hostnames: ["wiki.internal.example"], grants: [{ audience: "oncall" }] };
        const narrowed = { ...office, grants: [{ audience: "staff", ports: [443] }] };
        const environment = { ...staging, privateNetworks: [narrowed, lab] };
        const { error, inputsOf, result } = await deploy(() => deployStack(environment));
        expect(error).toBeUndefined();
        expect(inputsOf(Token.PrivateRoute, "office-private-10.20.0.0/16")).toMatchObject({
            tunnelId: uuid("tunnel-tunnel"),
            comment: "Private network staging-office",
        });
        expect(inputsOf(Token.GatewayPolicy, "office-private-traffic-staff")).toMatchObject({
            name: "staging-office: staff (traffic)",
            precedence: 40_000,
            traffic: "net.dst.ip in {10.20.0.0/16} and net.dst.port in {443}",
        });
        expect(inputsOf(Token.GatewayPolicy, "lab-private-lookup")).toMatchObject({ precedence: 40_199 });
        const { office: told } = result?.privateNetworks ?? {};
        expect(told && (await promiseOf(told.networks))).toEqual(["10.20.0.0/16"]);
    });

    it("is right as it stands", () => {
        expect(parsed([office]).privateNetworks).toEqual([office]);
        const twin = { ...office, name: "twin", ownVirtualNetwork: true };
        expect(issuesOf([office, twin])).toEqual({});
    });

    it.each<[string, unknown, Record<string, unknown>, Record<string, RegExp>]>([
        ["no grant", [{ ...office, grants: [] }], {}, { "[0].grants": /nobody could ever enter/ }],
        ["a grant left out", [{ name: "office", networks: ["10.0.0.0/8"] }], {}, { "[0].grants": /needs grants/ }],
        [
            "an audience that is not declared",
            [{ ...office, grants: [{ audience: "ghosts" }] }],
            {},
            { "[0].grants[0].audience": /not declared.*staff/ },
        ],
        [
            "an audience of machines",
            [{ ...office, grants: [{ audience: "robots" }] }],
            {},
            { "[0].grants[0].audience": /names no people/ },
        ],
        [
            "an audience that asks for more than Gateway can",
            [{ ...office, grants: [{ audience: "asked" }, { audience: "narrowed" }, { audience: "usual" }] }],
            {
                asked: { emailDomains: ["example.com"], justification: {} },
                narrowed: { emailDomains: ["example.com"], exclude: { emails: ["ada@example.com"] } },
                usual: { emailDomains: ["example.com"], anyClientCertificate: false, serviceTokens: ["ci"] },
            },
            {
                "[0].grants[0].audience": /"asked" asks for justification, which Gateway cannot ask/,
                "[0].grants[1].audience": /"narrowed" asks for exclude/,
            },
        ],
        [
            "an audience that is granted twice",
            [{ ...office, grants: [{ audience: "staff" }, { audience: "staff", ports: [22] }] }],
            {},
            { "[0].grants[1].audience": /stands at grants\[0\] already/ },
        ],
        ["a public range", [{ ...office, networks: ["8.8.8.0/24"] }], {}, { "[0].networks[0]": /is not private/ }],
        [
            "ranges of two networks that overlap",
            [office, { ...office, name: "lab", networks: ["10.20.1.0/24"] }],
            {},
            { "[1].networks[0]": /overlaps "10\.20\.0\.0\/16" of privateNetworks\[0\]/ },
        ],
        ["one name twice", [office, { ...office, networks: ["10.30.0.0/16"] }], {}, { "[1].name": /already the name/ }],
        [
            "a part outside, and a port that is none",
            [{ ...office, grants: [{ audience: "staff", networks: ["10.30.0.0/16"], ports: [70_000] }] }],
            {},
            { "[0].grants[0].networks[0]": /outside the network/, "[0].grants[0].ports[0]": /70000/ },
        ],
        ["an unknown key", [{ ...office, network: "x" }], {}, { "[0].network": /not a key here/ }],
    ])("is refused with %s", (_, networks, audiences, expected) => {
        const issues = issuesOf(networks, audiences);
        expect(Object.keys(issues)).toEqual(Object.keys(expected));
        for (const [path, reason] of Object.entries(expected)) expect(issues[path]).toMatch(reason);
    });
});

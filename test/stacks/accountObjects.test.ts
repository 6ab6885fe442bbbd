import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fleet } from "../../bench/support/scale/fleet.ts";
import { projectDir } from "../../cli/project.ts";
import { accountObjectsOf, sumOfObjects } from "../../stacks/accountObjects.ts";
import type { Environment } from "../../stacks/config/environment.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { CERTIFICATE, Token } from "../components/fixtures.ts";
import { deploy } from "../support/mocks.ts";
import { client, environment, workspace } from "./support/identityStack.ts";

const TYPES: Readonly<Record<string, readonly string[]>> = {
    applications: [Token.AccessApplication],
    accessPolicies: [Token.AccessPolicy],
    serviceTokens: [Token.ServiceToken],
    identityProviders: [Token.IdentityProvider],
    clientCertificateAuthorities: [Token.ClientCertificateAuthority],
    tunnels: [Token.Tunnel],
    privateRoutes: [Token.PrivateRoute, Token.HostnameRoute],
    dnsRecords: [Token.DnsRecord],
};

/** What the program makes of a stack file, counted. */
async function made(of: Environment): Promise<Record<string, number>> {
    const { resources, error } = await deploy(() => deployStack(of));
    expect(error).toBeUndefined();
    return Object.fromEntries(
        Object.entries(TYPES).map(([kind, types]) => [
            kind,
            resources.filter(({ type }) => types.includes(type)).length,
        ]),
    );
}

function ofFleet(apps: number): Environment {
    const [{ name = "", file = "" } = {}] = fleet({ apps, stacks: 1, accounts: 1, seed: 3 }).stacks;
    const values = Object.entries(parse(file).config).map(([key, value]) => [key.replace("sallyport:", ""), value]);
    return parseEnvironment({ stack: name, file: "fleet", projectDir, values: Object.fromEntries(values) });
}

const ofIdentity = environment(
    {},
    {
        audiences: {
            staff: { emails: ["ada@example.com"], serviceTokens: ["ci"] },
            machines: { certificateCommonNames: ["machine"] },
            hub: { groups: [{ provider: "github", githubOrganization: "example" }] },
        },
        identityProviders: { workspace, github: { kind: "github", ...client } },
        clientCertificates: { partners: { certificate: CERTIFICATE, hostnames: ["wiki.example.com"] } },
        privateNetworks: [
            { name: "lab", hostnames: ["db.lab.internal"], networks: ["10.1.0.0/16"], grants: [{ audience: "staff" }] },
        ],
        clusters: [
            {
                name: "east",
                hostname: "east.example.com",
                server: "https://10.0.0.5:6443",
                certificateAuthority: CERTIFICATE,
                audience: ["staff"],
                connector: { kind: "manifests" },
            },
        ],
    },
    true,
);

describe("what a stack makes in its account", () => {
    it.each([
        ["staging", readStackFile(projectDir, "staging", { environment: {} })],
        ["prod", readStackFile(projectDir, "prod", { environment: {} })],
        ["one of a fleet", ofFleet(15)],
        ["one with ways to log in, client certificates, private names and a cluster", ofIdentity],
    ])("is told by its file alone as the program makes it: %s", async (_, of) => {
        expect(accountObjectsOf(of)).toEqual(await made(of));
    });

    it("adds up over the stacks of an account, records by zone", () => {
        const one = environment({ emails: ["ada@example.com"] });
        const elsewhere = { ...one, stack: "other", zone: { name: "example.org" } };
        expect(sumOfObjects(one, [one, elsewhere])).toMatchObject({ applications: 2, tunnels: 2, dnsRecords: 1 });
        expect(sumOfObjects(one, [])).toEqual({});
    });
});

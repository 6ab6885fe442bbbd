import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { connectionFacts, deviceFacts, lookupFacts } from "../../emulator/edge/private/facts.ts";
import { judge } from "../../emulator/edge/private/gateway/rules.ts";
import type { Device, GatewayRule } from "../../emulator/privateNetworkDirectory.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import type { PrivateNetworkConfig } from "../../stacks/config/privateNetworks.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { ACCOUNT, Token } from "../components/fixtures.ts";
import { deploy, uuid } from "../support/mocks.ts";

/** Gateway's rules as a stack with these private networks declares them, in order of precedence. */
async function rulesOf(privateNetworks: PrivateNetworkConfig[]): Promise<GatewayRule[]> {
    const values = {
        ...{ accountId: ACCOUNT, zone: "example.com", team: "example", privateNetworks },
        audiences: {
            staff: { emailDomains: ["example.com"] },
            oncall: { emails: ["grace@example.org"], countries: ["CH"] },
        },
    };
    const environment = parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values, projectDir });
    const { error, resources } = await deploy(() => deployStack(environment));
    expect(error).toBeUndefined();
    return resources
        .filter(({ type }) => type === Token.GatewayPolicy)
        .map(({ inputs: { devicePosture: device_posture = "", identity = "", ...rule } }) => {
            return { ...rule, identity, device_posture } as unknown as GatewayRule;
        })
        .sort((one, other) => one.precedence - other.precedence);
}

const ada: Device = { name: "ada", email: "ada@example.com", groups: [], passed: [], country: "FR" };
const grace: Device = { ...ada, email: "grace@example.org", country: "CH" };
const eve: Device = { ...ada, email: "eve@example.net" };
const nothing = () => undefined;

function reaches(rules: GatewayRule[], device: Device, address: string, port: number, network = "default"): boolean {
    const facts = { ...deviceFacts(device, []), ...connectionFacts(device, address, port, network) };
    return judge("l4", rules, facts, nothing).isAllowed;
}

describe("Gateway, with the rules of a stack's private networks", () => {
    const office: PrivateNetworkConfig = {
        name: "office",
        networks: ["10.20.0.0/16", "fd00:20::/48"],
        hostnames: ["wiki.internal.example"],
        grants: [{ audience: "staff", networks: ["10.20.1.0/24"], ports: [443, 5432] }, { audience: "oncall" }],
    };

    it("lets each audience reach what it was granted, and nobody anything else", async () => {
        const rules = await rulesOf([office]);
        expect(reaches(rules, ada, "10.20.1.5", 5432)).toBe(true);
        expect(reaches(rules, ada, "10.20.1.5", 22)).toBe(false);
        expect(reaches(rules, ada, "10.20.2.5", 5432)).toBe(false);
        expect(reaches(rules, grace, "10.20.2.5", 22)).toBe(true);
        expect(reaches(rules, grace, "fd00:20::5", 443)).toBe(true);
        expect(reaches(rules, { ...grace, country: "FR" }, "10.20.2.5", 22)).toBe(false);
        expect(reaches(rules, { ...grace, country: undefined }, "10.20.2.5", 22)).toBe(false);
        expect(reaches(rules, eve, "10.20.1.5", 443)).toBe(false);
    });

    it("lets nobody look up a private host name but whom a grant names", async () => {
        const rules = await rulesOf([office]);
        const destination = { kind: "hostname", host: "wiki.internal.example", port: 443 } as const;
        const looksUp = (device: Device) =>
            judge("dns", rules, { ...deviceFacts(device, []), ...lookupFacts(device, destination) }, nothing).isAllowed;
        expect([ada, grace, eve].map(looksUp)).toEqual([true, true, false]);
    });

    it("keeps networks apart that share addresses in different virtual networks, whatever their order", async () => {
        const shared = { name: "shared", networks: ["10.20.0.0/16"], grants: [{ audience: "staff" }] };
        const twin = { ...shared, name: "twin", ownVirtualNetwork: true, grants: [{ audience: "oncall" }] };
        for (const networks of [
            [shared, twin],
            [twin, shared],
        ]) {
            const rules = await rulesOf(networks);
            const own = uuid("twin-private-virtual-network");
            expect(reaches(rules, ada, "10.20.1.5", 22)).toBe(true);
            expect(reaches(rules, ada, "10.20.1.5", 22, own)).toBe(false);
            expect(reaches(rules, grace, "10.20.1.5", 22, own)).toBe(true);
            expect(reaches(rules, grace, "10.20.1.5", 22)).toBe(false);
        }
    });
});

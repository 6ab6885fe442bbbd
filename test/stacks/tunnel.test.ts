import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token, TUNNEL, textOf } from "../components/fixtures.ts";
import { deploy } from "../support/mocks.ts";

function parsed(tunnel: unknown) {
    const values = { accountId: "a".repeat(32), zone: "example.com", team: "example", audiences: {}, tunnel };
    return parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values, projectDir });
}

function issuesOf(tunnel: unknown): Record<string, string> {
    try {
        parsed(tunnel);
        return {};
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return Object.fromEntries(
            error.issues.map(({ path, reason }) => [path.replace("sallyport:tunnel", ""), reason]),
        );
    }
}

const {
    tunnel: { rotation: _, ...unscheduled },
    ...rest
} = readStackFile(projectDir, "staging", { environment: {} });
const staging = { ...rest, tunnel: unscheduled };
const deployed = (tunnel: Partial<(typeof staging)["tunnel"]>) =>
    deploy(() => deployStack({ ...staging, tunnel: { ...staging.tunnel, ...tunnel } }));

describe("the tunnel of a stack file", () => {
    it("is Cloudflare's to manage and named after the stack unless told otherwise", async () => {
        expect(parsed(undefined).tunnel).toEqual({ name: "sallyport-staging" });
        const { inputsOf, resources } = await deployed({});
        expect(inputsOf(Token.Tunnel, "tunnel-tunnel")).toMatchObject({
            name: "sallyport-staging",
            configSrc: "cloudflare",
        });
        const quiet: string[] = [Token.NotificationPolicy, Token.ArgoSmartRouting];
        expect(resources.filter(({ type }) => quiet.includes(type))).toEqual([]);
    });

    it("ships its rules to the connectors where it is managed locally", async () => {
        const { inputsOf, resources, error } = await deployed({ management: "local" });
        expect(error).toBeUndefined();
        expect(inputsOf(Token.Tunnel, "tunnel-tunnel")).toMatchObject({ configSrc: "local" });
        const { ingress } = JSON.parse(textOf(inputsOf(Token.Config, "tunnel-connector-ingress")));
        expect(ingress.map(({ hostname }: { hostname?: string }) => hostname)).toContain("grafana-staging.example.com");
        expect(resources.filter(({ type }) => type === Token.TunnelConfig)).toEqual([]);
    });

    it("has an alert and the zone's smart routing where they are asked for", async () => {
        const alert = { emails: ["oncall@example.com"] };
        const { inputsOf } = await deployed({ alert, smartRouting: false });
        expect(inputsOf(Token.NotificationPolicy, "tunnel-alert-policy")).toMatchObject({
            name: "sallyport-staging serves no more",
            mechanisms: { emails: [{ id: "oncall@example.com" }] },
        });
        expect(inputsOf(Token.ArgoSmartRouting, "zone-smart-routing")).toMatchObject({ value: "off" });
    });

    it("may be one that exists", async () => {
        expect(issuesOf({ adopt: TUNNEL, name: "office" })).toEqual({});
        const { resource } = await deployed({ adopt: TUNNEL, name: "office" });
        expect(resource(Token.Tunnel, "tunnel-tunnel").importId).toBe(`${staging.accountId}/${TUNNEL}`);
    });

    it("takes a day as the engine hands it over, which reads it as a time", () => {
        const rotation = { since: "2027-01-01 00:00:00 +0000 UTC", every: "720h" };
        expect(parsed({ rotation }).tunnel.rotation).toEqual({ since: "2027-01-01T00:00:00Z", every: "720h" });
    });

    it.each<[string, unknown, Record<string, RegExp>]>([
        ["another management", { management: "both" }, { ".management": /"remote" or "local"/ }],
        [
            "a schedule in words",
            { rotation: { since: "soon", every: "1 month" } },
            {
                ".rotation.since": /"soon" is not a moment/,
                ".rotation.every": /is not a duration/,
            },
        ],
        ["an alert to nobody", { alert: { emails: [] } }, { ".alert.emails": /nobody would be told/ }],
        [
            "an adopted tunnel without its name, with a schedule",
            { adopt: TUNNEL, rotation: { since: "2027-01-01", every: "720h" } },
            { ".rotation": /keeps what it has/, ".name": /is missing/ },
        ],
        ["a name for an id", { adopt: "office", name: "office" }, { ".adopt": /not a tunnel id/ }],
    ])("is refused with %s", (_, tunnel, expected) => {
        const issues = issuesOf(tunnel);
        expect(Object.keys(issues)).toEqual(Object.keys(expected));
        for (const [path, reason] of Object.entries(expected)) expect(issues[path]).toMatch(reason);
    });
});

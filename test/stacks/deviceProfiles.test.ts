import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token } from "../components/fixtures.ts";
import { deploy } from "../support/mocks.ts";

const match = 'identity.email in {"ada@example.com"}';
const office = { match, precedence: 100, include: ["10.20.0.0/16", "wiki.internal.example"] };

function parsed(deviceProfiles: unknown) {
    const values = { accountId: "a".repeat(32), zone: "example.com", team: "example", audiences: {}, deviceProfiles };
    return parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values, projectDir });
}

function issuesOf(deviceProfiles: unknown): Record<string, string> {
    try {
        parsed(deviceProfiles);
        return {};
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const at = (path: string) => path.replace("sallyport:deviceProfiles.", "");
        return Object.fromEntries(error.issues.map(({ path, reason }) => [at(path), reason]));
    }
}

describe("a device profile of a stack file", () => {
    it("is one of the account's, named after the stack, which nobody switches off unless told so", async () => {
        const staging = readStackFile(projectDir, "staging", { environment: {} });
        const { deviceProfiles } = parsed({ office, guests: { match, precedence: 200, mayLeave: true } });
        const { error, inputsOf } = await deploy(() => deployStack({ ...staging, deviceProfiles }));
        expect(error).toBeUndefined();
        expect(inputsOf(Token.DeviceProfile, "office-devices-profile")).toMatchObject({
            accountId: staging.accountId,
            name: "staging-office",
            match,
            precedence: 100,
            includes: [{ address: "10.20.0.0/16" }, { host: "wiki.internal.example" }],
            switchLocked: true,
            allowedToLeave: false,
        });
        const guests = inputsOf(Token.DeviceProfile, "guests-devices-profile");
        expect(guests).toMatchObject({ name: "staging-guests", allowedToLeave: true });
        expect(guests.includes).toBeUndefined();
    });

    it("is none where the stack file names none", async () => {
        const staging = readStackFile(projectDir, "staging", { environment: {} });
        const { resources } = await deploy(() => deployStack(staging));
        expect(resources.filter(({ type }) => type === Token.DeviceProfile)).toEqual([]);
    });

    it.each<[string, unknown, Record<string, RegExp>]>([
        ["nobody's devices", { office: { ...office, match: " " } }, { "office.match": /Write whose devices/ }],
        ["no place", { office: { ...office, precedence: 0.5 } }, { "office.precedence": /0\.5 is not a place/ }],
        [
            "the place of another",
            { office, lab: { ...office, include: ["10.30.0.0/16"] } },
            { "lab.precedence": /100 is already the place of deviceProfiles\.office/ },
        ],
        [
            "both lists, one of them wrong",
            { office: { ...office, include: ["10.20.0.1/16"], exclude: ["192.168.0.0/16"] } },
            { "office.exclude": /contradicts "include"/, "office.include[0]": /bits set beyond its prefix/ },
        ],
        [
            "one range written in two ways",
            { office: { ...office, include: ["fd00:20::/48", "FD00:20:0::/48"] } },
            { "office.include[1]": /stands at include\[0\] already/ },
        ],
        ["an empty list", { office: { ...office, include: [] } }, { "office.include": /is empty/ }],
        ["an unknown key", { office: { ...office, includes: [] } }, { "office.includes": /not a key here/ }],
    ])("is refused with %s", (_, profiles, expected) => {
        const issues = issuesOf(profiles);
        expect(Object.keys(issues)).toEqual(Object.keys(expected));
        for (const [path, reason] of Object.entries(expected)) expect(issues[path]).toMatch(reason);
    });
});

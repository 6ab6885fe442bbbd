import { describe, expect, it } from "vitest";
import { type AccessDifference, compareAccess } from "../../cli/reach/difference.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { environment, workspace } from "../stacks/support/identityStack.ts";
import { graphOfProgram } from "./support/stacks.ts";

const nothing: AccessDifference = { gained: [], lost: [], changed: [] };
const people = { emailDomains: ["example.com"] };

interface Declared {
    staff?: object;
    more?: object;
}

/** What changes between two stack files, neither of them deployed. */
async function difference(before: Declared, after: Declared): Promise<AccessDifference> {
    const [old, now] = [await graph(before), await graph(after)];
    return compareAccess(old, now);
}

const graph = ({ staff = people, more = {} }: Declared) =>
    graphOfProgram(() => deployStack(environment(staff, more)), true);

const app = (change: object = {}) => ({
    name: "wiki",
    hostname: "wiki.example.com",
    service: "http://wiki:3000",
    audience: ["staff"],
    ...change,
});

describe("who gains and who loses access", () => {
    it("is nobody when components, audiences and tunnels are renamed and apps stand in another order", async () => {
        const second = app({ name: "second", hostname: "second.example.com", service: "tcp://db:5432" });
        const before = { more: { apps: [app(), second] } };
        const after = {
            more: {
                audiences: { colleagues: people },
                apps: [
                    { ...second, name: "database", audience: ["colleagues"] },
                    { ...app(), name: "handbook", audience: ["colleagues"] },
                ],
                tunnel: { name: "another-name" },
            },
        };
        expect(await difference(before, after)).toEqual(nothing);
    });

    it("is nobody when what was planned is deployed", async () => {
        const program = () => deployStack(environment(people));
        expect(compareAccess(await graphOfProgram(program, true), await graphOfProgram(program))).toEqual(nothing);
    });

    it("names everybody who reaches a new app, by which policy and through which tunnel", async () => {
        const added = app({ name: "db", hostname: "db.example.com", service: "tcp://db:5432" });
        expect(await difference({}, { more: { apps: [app(), added] } })).toEqual({
            ...nothing,
            gained: [
                {
                    who: "people of @example.com",
                    what: "db.example.com (tcp://db:5432)",
                    through: "policy staging-staff, tunnel sallyport-staging",
                    session: "24h",
                    conditions: [],
                },
            ],
        });
    });

    it("names the domain that an audience is widened to, and the group that it was", async () => {
        const group = { groups: [{ provider: "workspace", googleGroup: "staff@example.com" }] };
        const more = { identityProviders: { workspace } };
        const { gained, lost, changed } = await difference({ staff: group, more }, { staff: people, more });
        expect(gained).toMatchObject([{ who: "people of @example.com" }]);
        expect(lost).toMatchObject([{ who: "members of staff@example.com at workspace" }]);
        expect(changed).toEqual([]);
    });

    it.each([
        ["a longer session", { ...people, sessionDuration: "48h" }, "session 24h", "session 48h"],
        [
            "a demanded factor",
            { ...people, require: { authenticationMethods: ["mfa"] } },
            "no such condition",
            "authenticated by mfa",
        ],
        ["a place", { ...people, countries: ["FR", "BE"] }, "no such condition", "in BE or FR"],
        [
            "an exception",
            { ...people, exclude: { emails: ["eve@example.com"] } },
            "no such condition",
            "except eve@example.com",
        ],
    ])("names %s, and the same taken back", async (_, staff, from, to) => {
        const change = { who: "people of @example.com", what: "wiki.example.com (http://wiki:3000)" };
        expect(await difference({}, { staff })).toMatchObject({ ...nothing, changed: [{ ...change, from, to }] });
        expect(await difference({ staff }, {})).toMatchObject({
            ...nothing,
            changed: [{ ...change, from: to, to: from }],
        });
    });

    it("names a device check that a device has to pass no more", async () => {
        const checked = { ...people, require: { posture: ["disk"] } };
        const more = { posture: { disk: { kind: "disk_encryption", platforms: ["mac"] } } };
        expect((await difference({ staff: checked, more }, {})).changed).toMatchObject([
            { from: "on a device that passes staging-disk (mac)", to: "no such condition" },
        ]);
    });

    it("names the other service that a host name leads to", async () => {
        const { changed } = await difference({}, { more: { apps: [app({ service: "http://payroll:80" })] } });
        expect(changed).toMatchObject([{ from: "leads to http://wiki:3000", to: "leads to http://payroll:80" }]);
    });
});

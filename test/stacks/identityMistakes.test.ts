import { describe, expect, it } from "vitest";
import type { ConfigIssue } from "../../stacks/config/configError.ts";
import { CERTIFICATE, KEY } from "../components/fixtures.ts";
import { client, emails, environment, issues, whole, workspace } from "./support/identityStack.ts";

describe("a mistake about identity in a stack file is refused with its path", () => {
    const provider = (login: object) => ({ identityProviders: { login } });
    const check = (disk: object) => [{ emails, require: { posture: ["disk"] } }, { posture: { disk } }] as const;

    it.each<[string, readonly [object, object?], string, RegExp]>([
        [
            "a client secret in clear",
            [{ emails }, provider({ kind: "github", clientId: "id", clientSecret: "hush" })],
            "sallyport:identityProviders.login.clientSecret",
            /in clear.*pulumi config set --secret --path 'sallyport:identityProviders\.login\.clientSecret'/,
        ],
        [
            "an unknown kind of provider",
            [{ emails }, provider({ kind: "myspace" })],
            "sallyport:identityProviders.login.kind",
            /no kind of provider.*google-apps/,
        ],
        [
            "a key of another kind",
            [{ emails }, provider({ kind: "github", ...client, domain: "example.com" })],
            "sallyport:identityProviders.login.domain",
            /not a key here/,
        ],
        [
            "no client secret",
            [{ emails }, provider({ kind: "github", clientId: "id" })],
            "sallyport:identityProviders.login.clientSecret",
            /no client secret.*pulumi config set --secret/,
        ],
        [
            "SCIM beside a PIN",
            [{ emails }, provider({ kind: "onetimepin", scim: {} })],
            "sallyport:identityProviders.login.scim",
            /onetimepin.*okta/,
        ],
        [
            "a second PIN",
            [{ emails }, { identityProviders: { a: { kind: "onetimepin" }, b: { kind: "onetimepin" } } }],
            "sallyport:identityProviders.b",
            /beside "a"/,
        ],
        [
            "an undeclared provider",
            [{ groups: [{ provider: "ghost", oktaGroup: "x" }] }],
            "sallyport:audiences.staff.groups[0].provider",
            /"ghost" is not declared.*none/,
        ],
        [
            "a group of another kind of provider",
            [{ groups: [{ provider: "login", oktaGroup: "x" }] }, provider(workspace)],
            "sallyport:audiences.staff.groups[0].provider",
            /"google-apps", and "oktaGroup" needs "okta"/,
        ],
        [
            "no group at all",
            [{ emails, groups: [{ provider: "login" }] }, provider(workspace)],
            "sallyport:audiences.staff.groups[0]",
            /names no group/,
        ],
        [
            "an undeclared check",
            [{ emails, require: { posture: [["ghost"]] } }],
            "sallyport:audiences.staff.require.posture[0]",
            /"ghost" is not declared/,
        ],
        [
            "a check that nobody requires",
            [{ emails }, { posture: { disk: { kind: "warp", platforms: ["mac"] } } }],
            "sallyport:posture.disk",
            /keep nobody out/,
        ],
        [
            "a check where the client cannot make it",
            check({ kind: "domain_joined", platforms: ["mac"] }),
            "sallyport:posture.disk.platforms[0]",
            /windows/,
        ],
        [
            "a check without its description",
            check({ kind: "antivirus", platforms: ["windows"] }),
            "sallyport:posture.disk.updatedWithinDays",
            /is missing/,
        ],
        [
            "requirements that machines cannot meet",
            [{ certificateCommonNames: ["ci"], require: { providers: ["login"] } }, provider(workspace)],
            "sallyport:audiences.staff.require.providers",
            /machines do not log in/,
        ],
        [
            "requirements without a member",
            [{ require: { authenticationMethods: ["mfa"] } }],
            "sallyport:audiences.staff",
            /only narrow who may enter/,
        ],
        [
            "a method that nobody knows",
            [{ emails, require: { authenticationMethods: ["mind-reading"] } }],
            "sallyport:audiences.staff.require.authenticationMethods[0]",
            /RFC 8176/,
        ],
        [
            "somebody let in and kept out",
            [{ emails, exclude: { emails: ["Ada@example.com"] } }],
            "sallyport:audiences.staff.exclude.emails",
            /Remove one of the two/,
        ],
        [
            "a private key in the stack file",
            [{ emails }, { clientCertificates: { ca: { certificate: KEY, hostnames: ["a.example.com"] } } }],
            "sallyport:clientCertificates.ca.certificate",
            /holds a private key/,
        ],
        [
            "an authority for another zone",
            [{ emails }, { clientCertificates: { ca: { certificate: CERTIFICATE, hostnames: ["a.example.org"] } } }],
            "sallyport:clientCertificates.ca.hostnames[0]",
            /outside the zone/,
        ],
        [
            "a private network for people who must say why",
            [
                { emails, justification: {} },
                { privateNetworks: [{ name: "office", networks: ["10.20.0.0/16"], grants: [{ audience: "staff" }] }] },
            ],
            "sallyport:privateNetworks[0].grants[0].audience",
            /"staff" asks for justification, which Gateway cannot ask/,
        ],
        [
            "a login that is too short",
            [{ emails }, { organization: { sessionDuration: "5m" } }],
            "sallyport:organization.sessionDuration",
            /at least "15m"/,
        ],
    ])("%s", (_, [staff, more], path, reason) => {
        expect(issues(staff, more)).toEqual([{ path, reason: expect.stringMatching(reason) }]);
    });

    it("and all of them at once, a secret in clear beside a value of the wrong form", () => {
        const found = issues(
            { emails: ["ada"] },
            { identityProviders: { login: { kind: "github", clientId: "", clientSecret: "hush" } } },
        );
        expect(found.map(({ path }) => path).toSorted()).toEqual([
            "sallyport:audiences.staff.emails[0]",
            "sallyport:identityProviders.login.clientId",
            "sallyport:identityProviders.login.clientSecret",
        ]);
        expect(JSON.stringify(found)).not.toContain("hush");
    });

    it("but not a secret that the engine has decrypted", () => {
        const login = { kind: "github", clientId: "id", clientSecret: "hush" };
        expect(environment({ emails }, { identityProviders: { login } }, true).identityProviders).toEqual([
            { name: "login", kind: "github", login: { clientId: "id", clientSecret: "hush" } },
        ]);
    });
});

describe("a stack file that is right but for one value", () => {
    const [staff, more] = whole;
    const right = { audiences: { staff }, ...more };
    const junk = [null, 5, true, "", " ", "Ünïcode", "x".repeat(10_000), [], {}, [[]], [null], { surplus: 1 }];

    it("is refused with a path that leads there, whatever stands in its place", () => {
        const refused: string[] = [];
        for (const place of placesIn(right)) {
            for (const value of junk) {
                const issues = issuesOf(replaced(right, place, value));
                for (const { path, reason } of issues) {
                    expect(path, `${place.join(".")} = ${JSON.stringify(value).slice(0, 20)}`).toMatch(/^sallyport:\w/);
                    expect(reason).not.toMatch(/Invalid input|undefined|\[object/);
                    expect(reason).toMatch(/\.$/);
                }
                if (issues.length === 0) continue;
                refused.push(place.join("."));
                // A whole key that is empty is right by itself, and missed wherever its entries were named.
                if (place.length === 1) continue;
                const related = [`sallyport:${place[0]}`, "sallyport:posture."];
                expect(issues.some(({ path }) => related.some((start) => path.startsWith(start)))).toBe(true);
            }
        }
        expect(refused.length).toBeGreaterThan(400);
    });

    function issuesOf({ audiences, ...rest }: Record<string, unknown>): readonly ConfigIssue[] {
        return issues({}, { ...rest, audiences });
    }
});

/** Every place in a value, as the keys that lead to it. */
function placesIn(value: unknown): (string | number)[][] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
        const step = Array.isArray(value) ? Number(key) : key;
        return [[step], ...placesIn(inner).map((rest) => [step, ...rest])];
    });
}

function replaced<T extends object>(whole: T, place: readonly (string | number)[], value: unknown): T {
    const copy = structuredClone(whole);
    const parent = place
        .slice(0, -1)
        .reduce<Record<string | number, unknown>>(
            (at, step) => at[step] as Record<string | number, unknown>,
            copy as Record<string | number, unknown>,
        );
    parent[place.at(-1) ?? ""] = value;
    return copy;
}

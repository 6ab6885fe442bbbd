import { describe, expect, it } from "vitest";
import { AccessOrganization, type AccessOrganizationArgs } from "../../components/index.ts";
import { deploy, problemsOf, promiseOf } from "../support/mocks.ts";
import { ACCOUNT, Token } from "./fixtures.ts";

const READ = "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization";

/** An organization as somebody has set it up by hand. */
const present = {
    id: ACCOUNT,
    accountId: ACCOUNT,
    authDomain: "example.cloudflareaccess.com",
    name: "Example Ltd",
    sessionDuration: "24h",
    autoRedirectToIdentity: true,
    allowAuthenticateViaWarp: true,
    isUiReadOnly: false,
    uiReadOnlyToggleReason: "",
    userSeatExpirationInactiveTime: "1460h",
    warpAuthSessionDuration: "36h",
    loginDesign: { backgroundColor: "#000000", headerText: "Welcome", footerText: "", logoPath: "", textColor: "" },
    customPages: { forbidden: "page-1", identityDenied: "" },
    denyUnmatchedRequests: true,
    denyUnmatchedRequestsExemptedZoneNames: [],
    mfaConfig: { allowedAuthenticators: ["totp"] },
    mfaRequiredForAllApps: true,
    mfaSshPivKeyRequirements: {},
};

function organization(args: Partial<AccessOrganizationArgs>, now: Record<string, unknown> = present) {
    const all = { accountId: ACCOUNT, team: "example", ...args };
    return deploy(() => new AccessOrganization("organization", all), { calls: { [READ]: now } });
}

describe("AccessOrganization", () => {
    it("writes what it names, and everything else as it is", async () => {
        const { inputsOf, result } = await organization({
            sessionDuration: "12h",
            autoRedirectToIdentity: false,
            loginPage: { headerText: "Example: log in", logoUrl: "https://example.com/logo.png" },
        });
        expect(inputsOf(Token.AccessOrganization, "organization-settings")).toEqual({
            accountId: ACCOUNT,
            authDomain: "example.cloudflareaccess.com",
            name: "Example Ltd",
            sessionDuration: "12h",
            autoRedirectToIdentity: false,
            allowAuthenticateViaWarp: true,
            isUiReadOnly: false,
            userSeatExpirationInactiveTime: "1460h",
            warpAuthSessionDuration: "36h",
            loginDesign: {
                backgroundColor: "#000000",
                headerText: "Example: log in",
                logoPath: "https://example.com/logo.png",
            },
            customPages: { forbidden: "page-1" },
            denyUnmatchedRequests: true,
            mfaConfig: { allowedAuthenticators: ["totp"] },
            mfaRequiredForAllApps: true,
        });
        expect(await promiseOf((result as AccessOrganization).authDomain)).toBe("example.cloudflareaccess.com");
        expect(await promiseOf((result as AccessOrganization).sessionDuration)).toBe("12h");
    });

    it("changes nothing where it names nothing", async () => {
        const { inputsOf } = await organization({});
        const { accountId: _, ...settings } = inputsOf(Token.AccessOrganization, "organization-settings");
        expect(present).toMatchObject(settings);
    });

    it("refuses the organization of another team before anything changes", async () => {
        const { error, resources } = await organization({ team: "exmaple" });
        expect(problemsOf(error)).toEqual({
            team: expect.stringContaining('"exmaple", and the organization of this account is example.cloudflare'),
        });
        expect(resources.map(({ type }) => type)).not.toContain(Token.AccessOrganization);
    });

    it("shows what it names in a preview that knows nothing of the organization", async () => {
        const { inputsOf } = await organization({ sessionDuration: "12h" }, {});
        expect(inputsOf(Token.AccessOrganization, "organization-settings")).toEqual({
            accountId: ACCOUNT,
            authDomain: "example.cloudflareaccess.com",
            sessionDuration: "12h",
            allowAuthenticateViaWarp: false,
            autoRedirectToIdentity: false,
            isUiReadOnly: false,
        });
    });

    it("tells all mistakes at once and registers nothing", async () => {
        const { error, resources } = await organization({
            accountId: "acme",
            team: "Example Ltd",
            organizationName: "",
            sessionDuration: "5m",
            loginPage: { backgroundColor: "black", textColor: "#fff", logoUrl: "http://example.com/logo.png" },
            readOnlyReason: "managed by Pulumi",
            seatExpiration: "1h",
            warpSessionDuration: "90s",
        });
        expect(Object.keys(problemsOf(error)).toSorted()).toEqual([
            "accountId",
            "loginPage.backgroundColor",
            "loginPage.logoUrl",
            "loginPage.textColor",
            "organizationName",
            "readOnlyReason",
            "seatExpiration",
            "sessionDuration",
            "team",
            "warpSessionDuration",
        ]);
        expect(resources).toEqual([]);
    });
});

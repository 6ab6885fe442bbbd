import { getZeroTrustOrganizationOutput } from "@pulumi/cloudflare/getZeroTrustOrganization.js";
import { ZeroTrustOrganization } from "@pulumi/cloudflare/zeroTrustOrganization.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import {
    accountIdProblem,
    colourProblem,
    displayNameProblem,
    httpsUrlProblem,
    seatExpirationProblem,
    teamProblem,
    teamSessionProblem,
    warpSessionProblem,
} from "../validation/index.ts";
import { adopted } from "./organization/adoption.ts";

/** How the team's login page looks. What is left out stays as it is. */
export interface LoginPage {
    /** Colour behind the page, six hexadecimal digits after `#`. */
    backgroundColor?: string;
    /** Colour of the text, six hexadecimal digits after `#`. */
    textColor?: string;
    /** Address of the logo, over TLS. */
    logoUrl?: string;
    /** Text above the ways to log in. */
    headerText?: string;
    /** Text below the ways to log in. */
    footerText?: string;
}

export interface AccessOrganizationArgs {
    /** Account of the organization: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** First label of the team domain. The organization of another team is refused before anything changes. */
    team: string;
    /** Name of the organization in the dashboard and on the login page. It stays as it is if omitted. */
    organizationName?: string;
    /** How long one login at the team domain lasts where neither policy nor application says so, in Go's form: `15m` to `730h`. It stays as it is if omitted. */
    sessionDuration?: string;
    /** How the team's login page looks. It stays as it is if omitted. */
    loginPage?: LoginPage;
    /** Whether the login page is passed over where there is one way to log in. It stays as it is if omitted. */
    autoRedirectToIdentity?: boolean;
    /** Whether settings can be changed by the API alone, so that nobody changes by hand what the stack says. It stays as it is if omitted. */
    readOnlyDashboard?: boolean;
    /** Why the dashboard is read-only, shown to whoever tries; takes `readOnlyDashboard`. */
    readOnlyReason?: string;
    /** How long somebody may stay away before the seat is freed, in Go's form: `730h` (a month) or more. It stays as it is if omitted. */
    seatExpiration?: string;
    /** Whether a device's session with the Cloudflare One client counts as a login. It stays as it is if omitted. */
    allowAuthenticateViaWarp?: boolean;
    /** How long such a session lasts, in hours and minutes. It stays as it is if omitted. */
    warpSessionDuration?: string;
}

/**
 * Settings of the account's Access organization: its sessions, its login page, who may change it.
 *
 * There is one in every account, made in the dashboard when Access is switched on, and nothing deletes it. The component takes
 * over what is named here and leaves the rest as it is: it reads the organization first and writes back what it does not name,
 * because the provider would otherwise reset switches to off. When the component goes, the last settings stay.
 *
 * @example
 * new AccessOrganization("organization", {
 *     accountId,
 *     team: "example",
 *     sessionDuration: "12h",
 *     loginPage: { headerText: "Example: log in with your company account", backgroundColor: "#1d1d1d" },
 * });
 */
export class AccessOrganization extends pulumi.ComponentResource {
    /** The team domain, `<team>.cloudflareaccess.com`. */
    public readonly authDomain: pulumi.Output<string>;
    /** How long a login at the team domain lasts; empty where nobody ever said. */
    public readonly sessionDuration: pulumi.Output<string>;

    /**
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: AccessOrganizationArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("sallyport:index:AccessOrganization", name, args, opts);

        const { accountId } = args;
        const current = getZeroTrustOrganizationOutput({ accountId }, { parent: this });
        const organization = new ZeroTrustOrganization(
            `${name}-settings`,
            { accountId, ...adopted(name, args, current) },
            { parent: this },
        );

        this.authDomain = pulumi.output(`${args.team}.cloudflareaccess.com`);
        this.sessionDuration = pulumi.output(organization.sessionDuration).apply((duration) => duration ?? "");
        this.registerOutputs({ authDomain: this.authDomain, sessionDuration: this.sessionDuration });
    }
}

function checkArgs(name: string, args: AccessOrganizationArgs): void {
    const { loginPage } = args;
    const problems = checkShape("AccessOrganization", name, args);
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("team", args.team, teamProblem);
    problems.check("organizationName", args.organizationName, displayNameProblem);
    problems.check("sessionDuration", args.sessionDuration, teamSessionProblem);
    problems.check("loginPage.backgroundColor", loginPage?.backgroundColor, colourProblem);
    problems.check("loginPage.textColor", loginPage?.textColor, colourProblem);
    problems.check("loginPage.logoUrl", loginPage?.logoUrl, httpsUrlProblem);
    problems.check("loginPage.headerText", loginPage?.headerText);
    problems.check("loginPage.footerText", loginPage?.footerText);
    problems.check("readOnlyReason", args.readOnlyReason);
    if (args.readOnlyReason !== undefined && args.readOnlyDashboard !== true) {
        problems.add("readOnlyReason", 'is said of a dashboard that can be written. Set "readOnlyDashboard" to true.');
    }
    problems.check("seatExpiration", args.seatExpiration, seatExpirationProblem);
    problems.check("warpSessionDuration", args.warpSessionDuration, warpSessionProblem);
    problems.throwIfAny("AccessOrganization", name);
}

import { projectDir } from "../../../cli/project.ts";
import { ConfigError, type ConfigIssue } from "../../../stacks/config/configError.ts";
import { parseEnvironment } from "../../../stacks/config/parse.ts";
import { CERTIFICATE } from "../../components/fixtures.ts";

const sealed = { secure: "v1:abc:def" };
export const client = { clientId: "id", clientSecret: sealed };
export const workspace = { kind: "google-apps", ...client, domain: "example.com" };

/** A stack file's values with an app for the audience `staff`, and whatever else is given. */
function values(staff: object, more: object = {}): Record<string, unknown> {
    return {
        accountId: "a".repeat(32),
        zone: "example.com",
        zoneId: "b".repeat(32),
        team: "example",
        audiences: { staff },
        apps: [{ name: "wiki", hostname: "wiki.example.com", service: "http://wiki:3000", audience: ["staff"] }],
        ...more,
    };
}

export function environment(staff: object, more: object = {}, secretsAreEncrypted?: boolean) {
    return parseEnvironment({
        stack: "staging",
        file: "Pulumi.staging.yaml",
        values: values(staff, more),
        projectDir,
        ...(secretsAreEncrypted !== undefined && { secretsAreEncrypted }),
    });
}

export function issues(staff: object, more: object = {}): readonly ConfigIssue[] {
    try {
        environment(staff, more);
    } catch (error) {
        if (error instanceof ConfigError) return error.issues;
        throw error;
    }
    return [];
}

export const emails = ["ada@example.com"];

/** Everything that a stack file can say of identity. */
export const whole = [
    {
        groups: [{ provider: "workspace", googleGroup: "staff@example.com" }],
        require: {
            providers: ["workspace", "okta"],
            authenticationMethods: ["mfa"],
            posture: ["disk", ["macos", "windows"]],
            clientCertificate: true,
        },
        exclude: { groups: [{ provider: "okta", oktaGroup: "Contractors" }], countries: ["US"] },
        justification: { prompt: "Which ticket?" },
        approvals: [{ approvers: ["boss@example.com"] }],
    },
    {
        identityProviders: {
            workspace,
            okta: { kind: "okta", ...client, account: "https://example.okta.com", scim: {}, displayName: "Okta" },
            pin: { kind: "onetimepin" },
        },
        posture: {
            disk: { kind: "disk_encryption", platforms: ["mac", "windows"], schedule: "10m" },
            macos: { kind: "os_version", platforms: ["mac"], version: "14.2.0" },
            windows: { kind: "os_version", platforms: ["windows"], version: "10.0.19045" },
        },
        clientCertificates: {
            machines: { certificate: CERTIFICATE, hostnames: ["wiki.example.com"], forwardToOrigin: true },
            old: { certificate: CERTIFICATE, hostnames: ["old.example.com"], forwardToOrigin: false },
        },
        organization: { sessionDuration: "12h", loginPage: { headerText: "Log in" } },
    },
] as const;

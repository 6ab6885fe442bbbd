import type { AccessRule, DirectoryApplication, DirectoryPolicy } from "../../../emulator/accessDirectory.ts";
import type { RuleDirectory } from "../../../emulator/edge/access/policy/rules.ts";
import type { Identity, Subject } from "../../../emulator/edge/access/policy/subject.ts";

export const ann: Identity = {
    userId: "0d8f8a3e-0000-4000-8000-000000000001",
    email: "Ann@example.com",
    provider: { id: "idp-okta", type: "okta", name: "Okta" },
    groups: ["engineering", "acme/platform", "admins@example.com"],
    claims: { department: ["it", "ops"] },
    authMethods: ["pwd", "mfa"],
    devicePosture: ["posture-disk"],
    country: "PT",
    ip: "203.0.113.7",
    loggedInAt: new Date("2026-01-01T00:00:00Z"),
};

/** Somebody with everything that rules ask for: an identity, a service token and a client certificate. */
export const everything: Subject = {
    clientIp: "203.0.113.7",
    country: "PT",
    identity: ann,
    serviceToken: { id: "token-ci", clientId: "ci.access", name: "ci" },
    certificate: { commonName: "laptop-1" },
};

/** Nobody in particular. */
export const stranger: Subject = { clientIp: "198.51.100.1" };

/** Groups and lists by their ids. */
export function ruleDirectory(
    groups: Record<string, { include: AccessRule[]; require?: AccessRule[]; exclude?: AccessRule[] }> = {},
    lists: Record<string, string[]> = {},
): RuleDirectory {
    return {
        group: (id) => groups[id] && { ...groups[id], id, name: `the ${id}`, created_at: "", updated_at: "" },
        listValues: (id) => lists[id],
        applications: () => [],
        nameOf: (id) => (id in groups ? `the ${id}` : undefined),
    };
}

export function policy(
    decision: DirectoryPolicy["decision"],
    lists: { include: AccessRule[]; require?: AccessRule[]; exclude?: AccessRule[] },
    precedence = 1,
): DirectoryPolicy {
    return { id: `policy-${precedence}`, name: `${decision} ${precedence}`, decision, precedence, ...lists };
}

export function application(name: string, ...hostnames: string[]): DirectoryApplication {
    return { id: name, aud: "a".repeat(64), name, type: "self_hosted", hostnames, policies: [], settings: {} };
}

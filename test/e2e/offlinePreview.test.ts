import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../cli/preview/plan.ts";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";

/** What somebody might add to a stack: an import and a statement. */
const mistakes: { name: string; rule: RegExp; resource: string; imports: string; statement: string }[] = [
    {
        name: "a published port",
        rule: /port/,
        resource: "open-service",
        imports: 'import { Service } from "@pulumi/docker/service.js";',
        statement:
            'new Service("open-service", { taskSpec: { containerSpec: { image: "nginx:1" } }, endpointSpec: { ports: [{ targetPort: 80 }] } });',
    },
    {
        name: "a hostname without Access",
        rule: /access/,
        resource: "open-config",
        imports:
            'import { ZeroTrustTunnelCloudflaredConfig } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredConfig.js";',
        statement:
            'new ZeroTrustTunnelCloudflaredConfig("open-config", { accountId: "0123456789abcdef0123456789abcdef", tunnelId: "11111111-2222-4333-8444-555555555555", config: { ingresses: [{ hostname: "open.example.com", service: "http://open:80" }, { service: "http_status:404" }] } });',
    },
    {
        name: "a switched-off certificate check",
        rule: /certificate|tls/,
        resource: "blind-config",
        imports:
            'import { ZeroTrustTunnelCloudflaredConfig } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredConfig.js";',
        statement:
            'new ZeroTrustTunnelCloudflaredConfig("blind-config", { accountId: "0123456789abcdef0123456789abcdef", tunnelId: "11111111-2222-4333-8444-555555555555", config: { ingresses: [{ service: "https://x:443", originRequest: { noTlsVerify: true } }] } });',
    },
];

/** In place of the example's `staff`. */
const IDENTITY_OF_STAFF = `
      groups: [{ provider: workspace, googleGroup: staff@example.com }]
      require: { authenticationMethods: [mfa], posture: [disk] }
`;

const IDENTITY = `
  sallyport:identityProviders:
    workspace:
      kind: google-apps
      clientId: id.apps.googleusercontent.com
      clientSecret: { secure: "v1:abc:def" }
      domain: example.com
  sallyport:posture:
    disk: { kind: disk_encryption, platforms: [mac, windows] }
  sallyport:organization:
    sessionDuration: 12h
`;

describe("a preview without account, credentials, Docker and network", () => {
    let copy: ProjectCopy;
    beforeAll(() => {
        copy = copyProject();
    });
    afterAll(() => copy[Symbol.dispose]());

    it.each(["staging", "prod"])("plans %s and passes the pack", async (stack) => {
        const { stdout, stderr, exitCode } = await copy.sallyport(
            ["preview", stack, "--offline", "--format", "json"],
            ["unshare", "-n"],
        );
        expect(exitCode, String(stderr)).toBe(0);
        const plan = JSON.parse(String(stdout)) as Plan;
        expect(plan).toMatchObject({ stack, violations: [] });
        expect(plan.changes.create).toBeGreaterThan(20);
        expect(plan.access.gained.length).toBeGreaterThan(2);
    });

    it.each(mistakes)("refuses $name by rule and resource", async ({ rule, resource, imports, statement }) => {
        using changed = copyProject();
        changed.edit("stacks/index.ts", (text) => `${imports}\n${text.replace("return deploy(", `${statement}\n$&`)}`);
        const { stdout, stderr, exitCode } = await changed.sallyport([
            "preview",
            "staging",
            "--offline",
            "--format",
            "json",
        ]);
        expect(exitCode, String(stderr)).toBe(1);
        const { violations } = JSON.parse(String(stdout)) as Plan;
        expect(violations).toContainEqual(
            expect.objectContaining({ resource, rule: expect.stringMatching(rule), level: "mandatory" }),
        );
    });

    it("plans a stack file that says all of identity, with secrets that nobody here can decrypt, and tells it in words", async () => {
        using changed = copyProject();
        changed.edit("Pulumi.staging.yaml", (text) =>
            text.replace("      emailDomains: [example.com]\n", IDENTITY_OF_STAFF).concat(IDENTITY),
        );
        const { stdout, stderr, exitCode } = await changed.sallyport(
            ["preview", "staging", "--offline", "--format", "json"],
            ["unshare", "-n"],
        );
        expect(exitCode, String(stderr)).toBe(0);
        const plan = JSON.parse(String(stdout)) as Plan;
        expect(plan.violations).toEqual([]);
        expect(plan.access.gained).toContainEqual(
            expect.objectContaining({
                who: "members of staff@example.com at workspace",
                conditions: [
                    "authenticated by mfa, on a device that passes staging-disk (mac) or staging-disk (windows)",
                ],
            }),
        );
    });

    it.each([
        ["of another kind", "http://grafana:3000", "gopher://grafana:3000", "sallyport:apps[0].service"],
        ["of another type", "audience: [staff, robots]", "audience: staff", "sallyport:apps[0].audience"],
        ["out of range", "sessionDuration: 8h", "sessionDuration: 9000h", "sallyport:audiences.oncall.sessionDuration"],
        ["with a hidden character", "http://grafana:3000", '"http://grafana\\u202E:3000"', "sallyport:apps[0].service"],
        ["absurdly long", "name: grafana", `name: ${"x".repeat(20_000)}`, "sallyport:apps[0].name"],
    ])("refuses a value %s with exit code 2 before anything starts", async (_, right, wrong, path) => {
        using changed = copyProject();
        changed.edit("Pulumi.staging.yaml", (text) => text.replace(right, wrong));
        const { stderr, stdout, exitCode } = await changed.sallyport(["preview", "staging", "--offline"]);
        expect(exitCode).toBe(2);
        expect(stdout).toBe("");
        expect(stderr).toContain(`Pulumi.staging.yaml has 1 mistake:\n  ${path}: `);
        expect(String(stderr).length).toBeLessThan(1000);
    });
});

import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token } from "../components/fixtures.ts";
import { deploy, promiseOf } from "../support/mocks.ts";

const staging = readStackFile(projectDir, "staging", { environment: {} });

/** Reads a stack whose only app is this one; returns the mistakes by path. */
function issuesOf(app: Record<string, unknown>): Record<string, string> {
    const values = {
        accountId: "a".repeat(32),
        zone: "example.com",
        team: "example",
        audiences: { staff: { emailDomains: ["example.com"] } },
        apps: [{ name: "db", hostname: "db.example.com", audience: ["staff"], ...app }],
    };
    try {
        parseEnvironment({ stack: "staging", file: "Pulumi.staging.yaml", values, projectDir });
        return {};
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return Object.fromEntries(error.issues.map(({ path, reason }) => [path, reason]));
    }
}

describe("an app whose origin speaks TCP", () => {
    it("becomes a TcpApp, whose clients the stack tells", async () => {
        const bastion = {
            name: "bastion",
            hostname: "bastion.example.com",
            service: "ssh://bastion",
            audience: ["staff"],
        };
        const environment = { ...staging, apps: [...staging.apps, bastion] };
        const { result, resource, error } = await deploy(() => deployStack(environment));
        expect(error).toBeUndefined();
        expect(resource("sallyport:index:TcpApp", "orders-db").inputs).toMatchObject({
            protocol: "postgresql",
            host: "postgres",
            port: 5432,
        });
        expect(resource(Token.ShortLivedCertificate, "bastion-ssh-ca")).toBeDefined();
        const clients = result?.clients ?? {};
        expect(Object.keys(clients)).toEqual(["orders-db", "bastion"]);
        expect(clients["orders-db"] && (await promiseOf(clients["orders-db"].command))).toBe(
            "cloudflared access tcp --hostname orders-db-staging.example.com --url 127.0.0.1:5432",
        );
    });

    it("takes what clients need beyond the service", () => {
        expect(issuesOf({ service: "tcp://db:7000", protocol: "redis", localPort: 6379 })).toEqual({});
        expect(issuesOf({ service: "ssh://host", browserRendered: true, shortLivedCertificates: false })).toEqual({});
    });

    it.each<[string, Record<string, unknown>, string, RegExp]>([
        ["a wildcard", { service: "tcp://db:5432", hostname: "*.example.com" }, "hostname", /names one host/],
        ["a path", { service: "tcp://db:5432", path: "/x" }, "path", /has no paths/],
        ["a protocol of another scheme", { service: "tcp://db:22", protocol: "ssh" }, "protocol", /ssh:\/\//],
        ["an unknown protocol", { service: "tcp://db:1", protocol: "gopher" }, "protocol", /postgresql/],
        ["a database in the browser", { service: "tcp://db:5432", browserRendered: true }, "browserRendered", /vnc/],
        [
            "certificates without SSH",
            { service: "rdp://pc", shortLivedCertificates: true },
            "shortLivedCertificates",
            /ssh/,
        ],
        ["a local port out of range", { service: "tcp://db:5432", localPort: 70_000 }, "localPort", /65535/],
        ["a local port for HTTP", { service: "http://web:80", localPort: 8080 }, "localPort", /not TCP/],
    ])("refuses %s by its path", (_, app, path, reason) => {
        expect(issuesOf(app)).toEqual({ [`sallyport:apps[0].${path}`]: expect.stringMatching(reason) });
    });
});

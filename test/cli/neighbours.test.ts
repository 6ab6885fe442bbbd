import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { neighboursOf } from "../../cli/engine/neighbours.ts";
import { packConfigurationOf } from "../../cli/engine/policyPack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";

const ACCOUNT = "a".repeat(32);
const RULE = "account-objects-are-within-limits";

let folder: string;
beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-neighbours-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A stack file with so many apps. */
function declare(stack: string, apps: number, accountId = ACCOUNT): void {
    const config = {
        "sallyport:accountId": accountId,
        "sallyport:zone": "example.com",
        "sallyport:team": "example",
        ...(stack === "local" && { "sallyport:emulator": ".sallyport/local/emulator.json" }),
        "sallyport:audiences": { staff: { emailDomains: ["example.com"] } },
        "sallyport:apps": Array.from({ length: apps }, (_, index) => ({
            name: `app-${index}`,
            hostname: `app-${index}-${stack}.example.com`,
            service: "http://app:80",
            audience: ["staff"],
        })),
    };
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
}

describe("the other stack files of a project", () => {
    beforeEach(() => {
        declare("red", 3);
        declare("blue", 5);
        declare("green", 7);
        declare("abroad", 11, "b".repeat(32));
        declare("local", 13);
        writeFileSync(join(folder, "Pulumi.broken.yaml"), "config:\n  sallyport:apps: 1\n");
        writeFileSync(join(folder, "Pulumi.yaml"), "name: sallyport\n");
    });

    it("are neighbours where they share the account and can be deployed", () => {
        const red = readStackFile(folder, "red", { environment: {} });
        expect(neighboursOf(folder, red).map(({ stack }) => stack)).toEqual(["blue", "green"]);
    });

    it("tell the policy pack what the account has beside the stack, on top of what its own configuration says", () => {
        expect(packConfigurationOf(folder, "red", ["example.com"])[RULE]).toMatchObject({
            elsewhere: { applications: 12, tunnels: 2, dnsRecords: 12 },
        });
        const own = { limits: { applications: 600 }, elsewhere: { applications: 100, lists: 4 } };
        writeFileSync(join(folder, "policy.red.json"), JSON.stringify({ [RULE]: own }));
        expect(packConfigurationOf(folder, "red", ["example.com"])[RULE]).toMatchObject({
            limits: { applications: 600 },
            elsewhere: { applications: 112, lists: 4, tunnels: 2 },
        });
        writeFileSync(join(folder, "policy.red.json"), JSON.stringify({ [RULE]: "advisory" }));
        expect(packConfigurationOf(folder, "red", [])[RULE]).toMatchObject({
            enforcementLevel: "advisory",
            elsewhere: { applications: 12 },
        });
    });

    it("tell nothing to a small stack of a labelled service, which has no file", () => {
        expect(packConfigurationOf(folder, "red-web", [])).not.toHaveProperty(RULE);
    });

    it("are told to the pack in a form that it takes", () => {
        writeFileSync(
            join(folder, "policy.green.json"),
            JSON.stringify(packConfigurationOf(folder, "red", ["example.com"])),
        );
        expect(packConfigurationOf(folder, "green", [])[RULE]).toMatchObject({
            elsewhere: { applications: 20, tunnels: 4 },
        });
    });
});

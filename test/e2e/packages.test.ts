import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import manifest from "../../package.json" with { type: "json" };
import type { Sbom } from "../../packages/release/sbom.ts";
import { InstalledProject } from "./support/installedProject.ts";

/** Components beside the ready stack; in the stack `open` one that publishes a port. */
const PROGRAM = `
import { Service } from "@pulumi/docker/service.js";
import { getStack } from "@pulumi/pulumi";
import { ServiceToken } from "sallyport";
import stack from "sallyport/stacks";

export default async () => {
    const outputs = await stack();
    const robot = new ServiceToken("robot", { accountId: "0123456789abcdef0123456789abcdef", duration: "2160h" });
    if (getStack() === "open") {
        new Service("open", {
            taskSpec: { containerSpec: { image: "nginx" } },
            endpointSpec: { ports: [{ targetPort: 80, publishedPort: 80 }] },
        });
    }
    return { ...outputs, robot: robot.tokenId };
};
`;

const EMULATOR = `
import { createRequire } from "node:module";
import { CloudflareEmulator } from "@sallyport/emulator";
import { CertificateAuthority } from "@sallyport/emulator/edge";

const { NamedTunnel } = createRequire(import.meta.url)("sallyport");
await using emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }] });
const answer = await fetch(emulator.apiBaseUrl + "/zones", { headers: { authorization: "Bearer " + emulator.apiToken } });
const { result } = await answer.json();
console.log(JSON.stringify([result.map(({ name }) => name), NamedTunnel.name, CertificateAuthority.name]));
`;

let project: InstalledProject;
beforeAll(async () => {
    project = await InstalledProject.make();
    project.write(
        "Pulumi.yaml",
        "name: edge\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n",
    );
    project.write("index.ts", PROGRAM);
    const stackFile = readFileSync(join(projectDir, "Pulumi.staging.yaml"), "utf8");
    for (const stack of ["staging", "open"]) {
        // A host name is one stack's alone.
        project.write(`Pulumi.${stack}.yaml`, stackFile.replaceAll("-staging.", `-${stack}.`));
    }
});
afterAll(() => project?.[Symbol.dispose]());

interface Preview {
    readonly changes: { readonly create: number };
    readonly violations: readonly { readonly rule: string; readonly resource: string }[];
}

async function preview(stack: string) {
    const args = ["preview", stack, "--offline", "--format", "json"];
    const { stdout, stderr, exitCode } = await project.run("sallyport", args, { reject: false });
    if (stdout === "") throw new Error(`sallyport preview: ${stderr}`);
    return { exitCode, ...(JSON.parse(stdout) as Preview) };
}

describe("the packages, installed into an empty project", () => {
    it("bring a command that knows its version and its tools", async () => {
        const { stdout: version } = await project.run("sallyport", ["--version"]);
        expect(version).toBe(manifest.version);
        const { stdout } = await project.run("sallyport", ["doctor", "--json"], { reject: false });
        const tools = (JSON.parse(stdout) as { tool: string }[]).map(({ tool }) => tool);
        expect(tools).toEqual(expect.arrayContaining(["node", "pulumi", "pulumi-resource-cloudflare", "cloudflared"]));
    });

    it("have types for a program of one's own", async () => {
        const tsc = join(projectDir, "node_modules", ".bin", "tsc");
        const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "esnext", "--skipLibCheck"];
        await project.run(tsc, [...options, "index.ts"]);
        project.write("wrong.ts", PROGRAM.replace('duration: "2160h"', "duration: 90"));
        const { stdout } = await project.run(tsc, [...options, "wrong.ts"], { reject: false });
        expect(stdout).toMatch(/wrong\.ts.*Type 'number' is not assignable/);
    });

    it("plan that program with the policy pack, which allows it", async () => {
        const { exitCode, changes, violations } = await preview("staging");
        expect({ exitCode, violations }).toEqual({ exitCode: 0, violations: [] });
        expect(changes.create).toBeGreaterThan(40);
    });

    it("refuse a program that publishes a port", async () => {
        const { exitCode, violations } = await preview("open");
        expect(exitCode).toBe(1);
        expect(violations).toContainEqual(
            expect.objectContaining({ rule: "no-published-service-port", resource: "open" }),
        );
    });

    it("are a package of every Pulumi language, as the engine reads it", async () => {
        // The engine and the language host that the preview has made ready.
        const env = { PULUMI_HOME: join(project.folder, ".sallyport", "pulumi"), PULUMI_SKIP_UPDATE_CHECK: "true" };
        const { stdout } = await project.run("pulumi", ["package", "get-schema", "./node_modules/sallyport"], { env });
        const { name, version, resources } = JSON.parse(stdout) as Record<string, object>;
        expect([name, version]).toEqual(["sallyport", manifest.version]);
        expect(resources).toHaveProperty(["sallyport:index:NamedTunnel"]);
    });

    it("start the emulator from its package, and are there for `require` too", async () => {
        project.write("emulator.js", EMULATOR);
        const { stdout } = await project.run(process.execPath, ["emulator.js"]);
        expect(JSON.parse(stdout)).toEqual([["example.com"], "NamedTunnel", "CertificateAuthority"]);
    });
});

describe("the dry run of a release", () => {
    it("publishes nothing, and says what each package brings along, in the versions that were tested", () => {
        const { packed, sboms, published } = project.release;
        expect(published).toEqual([]);
        const read = sboms.map((file) => JSON.parse(readFileSync(file, "utf8")) as Sbom);
        expect(read.map(({ bomFormat, metadata }) => [bomFormat, metadata.component.name])).toEqual(
            packed.map(({ name }) => ["CycloneDX", name]),
        );
        const [policy, emulator, sallyport] = read.map(
            ({ components }) => new Map(components.map(({ name, version }) => [name, version])),
        );
        expect(sallyport?.get("@sallyport/policy")).toBe(manifest.version);
        expect(sallyport?.get("@pulumi/cloudflare")).toBe(manifest.dependencies["@pulumi/cloudflare"]);
        expect(policy?.get("yaml")).toBe(manifest.dependencies.yaml);
        expect(policy?.has("hono")).toBe(false);
        expect(emulator?.get("hono")).toBe(manifest.dependencies.hono);
        expect(JSON.stringify(read)).not.toContain(project.folder);
    });
});

import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import schema from "../../components/schema.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { accountId, startEmulator, zoneId } from "../emulator/support.ts";
import { objectsMade } from "./support/accountObjects.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";
import { type DeployedResource, deployedResources } from "./support/languages/deployedResources.ts";
import { type LanguageProgram, LanguagePrograms } from "./support/languages/languagePrograms.ts";

const TYPESCRIPT = join(projectDir, "examples/languages/typescript");

/** A stack of an example, with an account of its own. */
async function openExample(folder: string, opened: AsyncDisposableStack) {
    const emulator = opened.use(await startEmulator());
    const under = opened.use(
        await openEngineStack(folder, {
            CLOUDFLARE_BASE_URL: emulator.apiBaseUrl,
            CLOUDFLARE_API_TOKEN: emulator.apiToken,
        }),
    );
    const settings = { accountId, zoneId, team: "team", hostname: "grafana.example.com" };
    await under.stack.setAllConfig(
        Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { value }])),
    );
    return { emulator, under };
}

/** Runs the program without a language host, as its own Automation API does. */
async function operate({ command, args, env }: LanguageProgram, { stack }: EngineStack, operation: "up" | "destroy") {
    const { workDir, envVars, pulumiHome } = stack.workspace;
    await execa(command, [...args, operation, stack.name], {
        cwd: workDir,
        env: { ...envVars, ...env, PULUMI_HOME: pulumiHome },
    });
}

async function deployed({ stack }: EngineStack): Promise<DeployedResource[]> {
    const { deployment } = await stack.exportStack();
    return deployedResources(deployment.resources ?? []);
}

/** Checks that what the program gives out is what it should, and that nobody who reads the state reads a secret. */
async function expectSecretsKept(under: EngineStack): Promise<void> {
    const { clientId, clientSecret, credentials, ...others } = await under.stack.outputs();
    expect(others).toEqual({});
    expect(clientId).toEqual({ value: expect.stringMatching(/\.access$/), secret: false });
    expect(clientSecret?.secret).toBe(true);
    expect(credentials?.secret).toBe(true);
    const secrets: string[] = [clientSecret?.value, JSON.parse(credentials?.value).TunnelSecret];
    const state = under.state();
    expect(state).toContain(clientId?.value);
    expect(secrets.filter((secret) => state.includes(secret))).toEqual([]);
}

/** The plugin's own entry, which only programs in other languages need. */
const isPlugin = ({ type }: DeployedResource) => type === "pulumi:providers:sallyport";

describe("the example environment", () => {
    const programs = new LanguagePrograms();
    let inTypeScript: DeployedResource[];

    beforeAll(async () => {
        await using opened = new AsyncDisposableStack();
        const { under } = await openExample(TYPESCRIPT, opened);
        await under.stack.up();
        await expectSecretsKept(under);
        inTypeScript = await deployed(under);
    });
    afterAll(() => programs[Symbol.dispose]());

    it("has every component that it is written with, and what these are made of", () => {
        const made = inTypeScript.filter(({ type }) => !type.startsWith("pulumi:"));
        expect(made.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)).toEqual([
            "DnsRecord ingress-grafana.example.com",
            "ZeroTrustAccessApplication grafana-application",
            "ZeroTrustAccessPolicy staff-machines",
            "ZeroTrustAccessPolicy staff-people",
            "ZeroTrustAccessServiceToken ci-token",
            "ZeroTrustTunnelCloudflared edge-tunnel",
            "ZeroTrustTunnelCloudflaredConfig ingress-config",
            "RandomPassword edge-secret",
            "AccessAudience staff",
            "NamedTunnel edge",
            "ServiceToken ci",
            "TunnelIngress ingress",
            "ZeroTrustApp grafana",
        ]);
    });

    it("is written with components that the engine finds in their folder, as `pulumi package add` does", async () => {
        await using opened = new AsyncDisposableStack();
        const { under } = await openExample(join(projectDir, "examples/languages/yaml"), opened);
        const { workDir, envVars, pulumiHome } = under.stack.workspace;
        const { stdout } = await execa("pulumi", ["package", "get-schema", "../../../components"], {
            cwd: workDir,
            env: { ...envVars, PULUMI_HOME: pulumiHome },
        });
        const { name, version, resources, types } = JSON.parse(stdout) as Record<"resources" | "types", object> & {
            name: string;
            version: string;
        };
        expect([name, version]).toEqual(["sallyport", manifest.version]);
        expect(Object.keys(resources)).toEqual(Object.keys(schema.resources).toSorted());
        expect(Object.keys(types)).toEqual(Object.keys(schema.types).toSorted());
    });

    it.each(["python", "go", "java"] as const)(
        "ends in the same resources in %s, and keeps the same secrets",
        async (language) => {
            await using opened = new AsyncDisposableStack();
            const program = await programs[language]();
            const { emulator, under } = await openExample(program.folder, opened);
            const before = objectsMade(emulator);
            await operate(program, under, "up");

            const made = await deployed(under);
            expect(made.filter((one) => !isPlugin(one))).toEqual(inTypeScript);
            expect(made.filter(isPlugin)).toHaveLength(1);
            await expectSecretsKept(under);

            await operate(program, under, "destroy");
            expect(objectsMade(emulator)).toEqual(before);
        },
    );
});

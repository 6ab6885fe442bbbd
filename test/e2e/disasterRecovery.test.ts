import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportState, importState } from "../../cli/engine/state.ts";
import { projectDir } from "../../cli/project.ts";
import { carryOut } from "../../cli/recover/carryOut.ts";
import { planRecovery, type RecoveryTarget } from "../../cli/recover/plan.ts";
import { CertificateAuthority } from "../../emulator/edge/certificates.ts";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { accountId, call, startEmulator, zoneId } from "../emulator/support.ts";
import { objectsMade } from "./support/accountObjects.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

/** Every kind of thing that a stack without Docker has in an account, by what it takes to declare it. */
const STACK_FILE = `
config:
  sallyport:accountId: ${accountId}
  sallyport:zone: example.com
  sallyport:team: team
  sallyport:emulator: EMULATOR
  sallyport:identityProviders:
    pin: { kind: onetimepin }
  sallyport:posture:
    disk: { kind: disk_encryption, platforms: [linux] }
  sallyport:audiences:
    staff: { emailDomains: [example.com], require: { providers: [pin], posture: [disk] } }
    robots: { serviceTokens: [ci] }
    everyday: { emailDomains: [example.com] }
  sallyport:apps:
    - { name: wiki, hostname: wiki.example.com, service: "http://127.0.0.1:8080", audience: [staff, robots] }
    - { name: db, hostname: db.example.com, service: "tcp://127.0.0.1:5432", audience: [staff] }
  sallyport:privateNetworks:
    - { name: office, networks: [10.20.0.0/16], grants: [{ audience: everyday, networks: [10.20.1.0/24] }] }
    - { name: lab, networks: [10.20.0.0/16], ownVirtualNetwork: true, grants: [{ audience: everyday }] }
`;

const NOBODY_SAYS = { own: new Set<string>(), leave: new Set<string>() };

const started = new AsyncDisposableStack();
let emulator: CloudflareEmulator;
let under: EngineStack;
let target: RecoveryTarget;

beforeAll(async () => {
    emulator = started.use(await startEmulator());
    const folder = mkdtempSync(join(tmpdir(), "sallyport-recovery-test-"));
    started.defer(() => rmSync(folder, { recursive: true }));
    const { caPem } = await CertificateAuthority.open({});
    const runtime = { kind: "processes", demoService: "http://127.0.0.1:8090" };
    const told = { apiBaseUrl: emulator.apiBaseUrl, edge: ["127.0.0.1:7844"], edgeCaPem: caPem, runtime };
    writeFileSync(join(folder, "emulator.json"), JSON.stringify(told));
    under = started.use(
        await openEngineStack(
            projectDir,
            { CLOUDFLARE_BASE_URL: emulator.apiBaseUrl, CLOUDFLARE_API_TOKEN: emulator.apiToken },
            { name: LOCAL_STACK, stackFile: STACK_FILE.replace("EMULATOR", join(folder, "emulator.json")) },
        ),
    );
    const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
    const docker = () => Promise.reject(new Error("nothing here is in Docker"));
    target = { stack: under.stack, pulumi: under.pulumi, api, zones: ["example.com"], docker };
    await under.stack.up();
});

afterAll(() => started.disposeAsync());

/** What only the passphrase, the program and the account outlive. */
async function loseState(): Promise<void> {
    const { workspace, name } = under.stack;
    await workspace.removeStack(name, { force: true, preserveConfig: true });
    await workspace.createStack(name);
}

const recover = async () => {
    const planned = await planRecovery(target, NOBODY_SAYS, silentProgress);
    await carryOut(target, planned, silentProgress);
    return planned.plan;
};

const tunnels = async () => (await call(emulator, "GET", `/accounts/${accountId}/cfd_tunnel?is_deleted=false`)).result;

/** The program has nothing to say against the state. */
async function expectNoDifference(): Promise<void> {
    await under.stack.preview({ expectNoChanges: true });
}

describe("a stack of which only repository, passphrase and account are left", () => {
    it("has every object back under its id, and nothing twice", async () => {
        const before = objectsMade(emulator);
        await loseState();
        const asked = emulator.requests.length;
        const planned = await planRecovery(target, NOBODY_SAYS, silentProgress);
        const { recovered, replaced, doubtful, updated } = planned.plan;
        expect(doubtful).toEqual([]);
        expect(emulator.requests.slice(asked).filter(({ method }) => method !== "GET")).toEqual([]);
        expect(replaced.map(({ object }) => object)).toEqual(['service token "local-ci"']);
        expect(recovered.map(({ object }) => object)).toEqual(
            expect.arrayContaining([
                'tunnel "sallyport-local"',
                'Access application "local-wiki"',
                'DNS record "wiki.example.com"',
                'virtual network "local-lab"',
            ]),
        );
        // The tunnel has a new secret, and the policy for robots names the new token.
        expect(updated.map(({ resource }) => resource).toSorted()).toEqual(["robots-machines", "tunnel-tunnel"]);

        await carryOut(target, planned, silentProgress);
        const { accessServiceTokens: oldTokens, ...kept } = before;
        const { accessServiceTokens: newTokens, ...now } = objectsMade(emulator);
        expect(now).toEqual(kept);
        expect(newTokens).toHaveLength(1);
        expect(newTokens).not.toEqual(oldTokens);
        const { serviceTokens } = await under.stack.outputs();
        expect(serviceTokens?.value.ci.clientSecret).toMatch(/^[0-9a-f]{64}$/);
        await expectNoDifference();
        await under.stack.refresh({ expectNoChanges: true });
    });

    it("has a new tunnel where that is gone from the account too, under the names that it had", async () => {
        const before = objectsMade(emulator);
        const [{ id: lost }] = await tunnels();
        await call(emulator, "DELETE", `/accounts/${accountId}/cfd_tunnel/${lost}?cascade=true`);
        await loseState();
        const plan = await recover();
        expect(plan.created.map(({ resource }) => resource)).toContain("tunnel-tunnel");
        expect(plan.recovered.map(({ object }) => object)).not.toContain('tunnel "sallyport-local"');
        const [{ id, name }, ...others] = await tunnels();
        expect([name, ...others]).toEqual(["sallyport-local"]);
        expect(id).not.toBe(lost);
        expect(objectsMade(emulator).dnsRecords).toEqual(before.dnsRecords);
        expect(objectsMade(emulator).accessApplications).toEqual(before.accessApplications);
        const records = (await call(emulator, "GET", `/zones/${zoneId}/dns_records`)).result;
        expect(records.map(({ content }: { content: string }) => content)).toEqual(
            records.map(() => `${id}.cfargotunnel.com`),
        );
        await expectNoDifference();
    });

    it("is left as it is where somebody else's object has the name of one of its own", async () => {
        const [own] = await tunnels();
        await call(emulator, "PATCH", `/accounts/${accountId}/cfd_tunnel/${own.id}`, { name: "moved-away" });
        const foreign = (
            await call(emulator, "POST", `/accounts/${accountId}/cfd_tunnel`, {
                name: own.name,
                config_src: "cloudflare",
            })
        ).result;
        await loseState();
        const asked = emulator.requests.length;
        const { plan, after } = await planRecovery(target, NOBODY_SAYS, silentProgress);
        expect(plan.doubtful).toMatchObject([
            { resource: "tunnel-tunnel", id: foreign.id, reason: "nothing shows that this stack made it" },
        ]);
        expect(after).toBeUndefined();
        expect(emulator.requests.slice(asked).filter(({ method }) => method !== "GET")).toEqual([]);
        expect((await exportState(under.stack)).deployment.resources ?? []).toEqual([]);

        await call(emulator, "DELETE", `/accounts/${accountId}/cfd_tunnel/${foreign.id}`);
        await call(emulator, "PATCH", `/accounts/${accountId}/cfd_tunnel/${own.id}`, { name: own.name });
        expect((await recover()).recovered.map(({ id }) => id)).toContain(own.id);
    });
});

describe("a backup of a stack's state", () => {
    it("is whole and encrypted, and restores it into an empty backend without a difference", async () => {
        const backup = JSON.stringify(await exportState(under.stack));
        const { serviceTokens } = await under.stack.outputs();
        expect(backup).not.toContain(serviceTokens?.value.ci.clientSecret);
        await loseState();
        await importState(under.stack, JSON.parse(backup));
        await expectNoDifference();
        expect((await under.stack.outputs()).serviceTokens?.value).toEqual(serviceTokens?.value);
    });

    it("that is older than what is there is completed from the account", async () => {
        const backup = await exportState(under.stack);
        const resources = backup.deployment.resources ?? [];
        const record = resources.find(({ urn }) => urn.endsWith("::ingress-db.example.com"));
        const before = objectsMade(emulator);
        const older = resources.filter((resource) => resource !== record);
        await importState(under.stack, { ...backup, deployment: { ...backup.deployment, resources: older } });
        const planned = await planRecovery(target, NOBODY_SAYS, silentProgress);
        const { recovered, replaced, created } = planned.plan;
        expect(recovered.map(({ id }) => id)).toEqual([record?.id]);
        expect([...replaced, ...created]).toEqual([]);
        await carryOut(target, planned, silentProgress);
        expect(objectsMade(emulator)).toEqual(before);
        await expectNoDifference();
        // A plan holds for the state that it was made for.
        await expect(carryOut(target, planned, silentProgress)).rejects.toThrow(
            "was changed by somebody else meanwhile",
        );
    });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newRecord, readEvent } from "../../cli/engine/events.ts";
import { policyPack, projectDir } from "../../cli/project.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { type AnyProvider, serveAnyProvider } from "./support/anyProvider.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

const TYPES = ["ZeroTrustAccessPolicy", "ZeroTrustAccessIdentityProvider", "ZeroTrustTunnelCloudflaredConfig"].map(
    (type) => `cloudflare:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
);
const SESSION = "access-session-is-short-enough";
const PKCE = "oidc-login-uses-pkce";
const CATCH_ALL = "ingress-ends-with-catch-all";
/** Of no interest here: the program has no application. */
const OFF = { "tunnel-hostname-has-access": "disabled" };
const waivers = [{ resource: "waived", reason: "a kiosk, until it has its own account", until: "2999-12-31" }];

describe("the levels of a configuration, under the real engine", () => {
    let provider: AnyProvider;
    let engine: EngineStack;
    const folder = mkdtempSync(join(tmpdir(), "sallyport-levels-"));

    beforeAll(async () => {
        provider = await serveAnyProvider([...TYPES, "corpus:index:Seed"]);
        engine = await openEngineStack(join(projectDir, "test", "e2e", "programs", "remedies"), provider.env);
    });
    afterAll(async () => {
        engine[Symbol.dispose]();
        await provider[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true });
    });

    /** What the pack says, sorted, and whether the operation went through. */
    async function judged(operation: "preview" | "up", configuration: object) {
        const file = join(folder, "policy.json");
        writeFileSync(file, JSON.stringify({ ...OFF, ...configuration }));
        const record = newRecord();
        const onEvent = (event: EngineEvent) => readEvent(record, event, silentProgress);
        const options = { policyPacks: [policyPack], policyPackConfigs: [file], onEvent };
        const passed = await (operation === "up" ? engine.stack.up(options) : engine.stack.preview(options)).then(
            () => true,
            () => false,
        );
        const verdicts = record.violations
            .map(({ rule, level, resource }) => `${level} ${rule} ${resource}`)
            .toSorted();
        return { passed, verdicts };
    }

    it("stop an update, only tell, or are silent, rule by rule, beside values that are not known", async () => {
        const { passed, verdicts } = await judged("preview", {
            [SESSION]: { enforcementLevel: "advisory", waivers },
            [PKCE]: "disabled",
        });
        expect(verdicts).toEqual([`advisory ${SESSION} staff`, `mandatory ${CATCH_ALL} tunnel`]);
        expect(passed).toBe(false);
    });

    it("make right what is not waived, in a preview and in the update, and keep secret what is secret", async () => {
        const remedies = {
            [SESSION]: { enforcementLevel: "remediate", maximum: "8h", waivers },
            [PKCE]: "remediate",
            [CATCH_ALL]: "remediate",
        };
        expect(await judged("preview", remedies)).toEqual({ passed: true, verdicts: [] });
        expect(await judged("up", remedies)).toEqual({ passed: true, verdicts: [] });
        const state = engine.state();
        expect(state).not.toContain("not-for-everybody");
        const { checkpoint } = JSON.parse(state) as { checkpoint: { latest: { resources: Saved[] } } };
        const inputs = (name: string) =>
            checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`))?.inputs;
        expect(inputs("staff")).toMatchObject({ sessionDuration: "8h", name: "seed" });
        expect(inputs("waived")).toMatchObject({ sessionDuration: "168h" });
        expect(inputs("tunnel")).toMatchObject({
            accountId: "seed",
            config: { ingresses: [{ hostname: "a.example.com" }, { service: "http_status:404" }] },
        });
    });
});

interface Saved {
    readonly urn: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
}

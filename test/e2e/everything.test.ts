import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { objectsMade, secretsOf } from "./support/accountObjects.ts";
import { type Everything, openEverything, PLANTED } from "./support/everything.ts";
import { processesShowing } from "./support/processList.ts";
import { publishedNames } from "./support/unguarded.ts";

/** Each property that is given a second value, by the resource that has it: all of them change in place. */
const CHANGED_IN_PLACE: Readonly<Record<string, readonly string[]>> = {
    "alert-policy": ["filters", "name"],
    "bastion-application": ["sessionDuration"],
    "certificate-windows": ["schedule"],
    "db-application": ["sessionDuration"],
    "deployer-token": ["clientSecretVersion", "name", "previousClientSecretExpiresAt"],
    "desk-application": ["sessionDuration"],
    "devices-profile": ["description", "name", "precedence"],
    "disk-mac": ["schedule"],
    "disk-windows": ["schedule"],
    "entra-provider": ["config"],
    "forwarding-settings": ["settings"],
    "github-provider": ["config"],
    "google-provider": ["config"],
    "guests-people": ["approvalGroups"],
    "lab-traffic-staff": ["traffic"],
    "machines-certificate": ["associatedHostnames", "name"],
    "office-10.20.0.0/16": ["comment"],
    "office-fd00:20::/48": ["comment"],
    "office-lookup": ["description", "name", "precedence"],
    "office-lookup-oncall": ["description", "name", "precedence"],
    "office-lookup-staff": ["description", "name", "precedence"],
    "office-traffic": ["description", "name", "precedence"],
    "office-traffic-oncall": ["description", "name", "precedence"],
    "office-traffic-staff": ["description", "name", "precedence", "traffic"],
    "office-wiki.internal.example": ["comment"],
    "oidc-provider": ["config"],
    "okta-provider": ["config", "scimConfig"],
    "organization-settings": ["loginDesign", "sessionDuration"],
    "pin-provider": ["name"],
    "saml-provider": ["config"],
    "staff-people": ["excludes", "purposeJustificationPrompt", "requires", "sessionDuration"],
    "system-mac": ["input", "schedule"],
    "tunnel-tunnel": ["name", "tunnelSecret"],
    "warp-linux": ["schedule"],
    "workspace-provider": ["config"],
    "zone-smart-routing": ["value"],
};

/** What cannot change, and the property for which a new one takes its place. Keys and certificates are made anew by their nature. */
const REPLACED: Readonly<Record<string, readonly string[]>> = {
    "db-application": ["domain"],
    "google-provider": ["config", "type"],
    "local-tunnel": ["configSrc", "name"],
    "machines-certificate": ["certificate"],
    "warp-linux": ["type"],
};

/** Properties that differ, by resource, of the steps of one kind. */
function stepsIn(events: readonly EngineEvent[], op: string): Record<string, string[]> {
    const steps = events.flatMap(({ resourcePreEvent }) => {
        const metadata = resourcePreEvent?.metadata;
        if (metadata?.op !== op || !/::cloudflare:|\$cloudflare:/.test(metadata.urn)) return [];
        const name = metadata.urn.replace(/^.*?:[A-Z]\w+::/, "").replace(/^.*:[A-Z]\w+::/, "");
        return [[name, [...(metadata.diffs ?? [])].toSorted()] as const];
    });
    return Object.fromEntries(steps);
}

/** The steps of an update, and everything that may be shown of them. The SDK's own debug lines hold secrets; only `--debug` prints them. */
function withoutDebug(events: readonly EngineEvent[]): string {
    return JSON.stringify(events.filter(({ diagnosticEvent }) => !diagnosticEvent?.prefix?.startsWith("debug")));
}

/** Every text below a value: of credentials their secret in both its forms, of a key its first line, which is in no other. */
function textsIn(value: unknown): string[] {
    if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
    if (typeof value !== "string") return [];
    if (value.startsWith("{")) {
        const { TunnelSecret } = JSON.parse(value) as { TunnelSecret: string };
        return [TunnelSecret, Buffer.from(TunnelSecret, "base64").toString()];
    }
    const [, keyLine] = /PRIVATE KEY-----\n(.*)\n/.exec(value) ?? [];
    return [keyLine ?? value];
}

describe("every component in one stack", () => {
    let all: Everything;
    let before: Record<string, string[]>;
    const secrets = new Set<string>();
    /** Everything that the engine and its plugins ever said. */
    const said: string[] = [];
    const listening = { onOutput: (text: string) => said.push(text), onError: (text: string) => said.push(text) };

    async function up(options: UpOptions = {}) {
        const events: EngineEvent[] = [];
        const { outputs } = await all.under.stack.up({
            ...listening,
            ...options,
            onEvent: (event) => events.push(event),
        });
        said.push(withoutDebug(events));
        const secret = Object.values(outputs).filter((output) => output.secret);
        for (const text of [...secret.flatMap(({ value }) => textsIn(value)), ...secretsOf(all.emulator)]) {
            if (text.length >= 20) secrets.add(text);
        }
        return events;
    }

    async function settled() {
        await all.under.stack.refresh({ ...listening, expectNoChanges: true });
        await all.under.stack.preview({ ...listening, expectNoChanges: true });
    }

    beforeAll(async () => {
        all = await openEverything();
        before = objectsMade(all.emulator);
        secrets.add(all.emulator.apiToken);
    });
    afterAll(() => all[Symbol.asyncDispose]());

    it("comes up by its saved plan, and neither a preview nor a refresh finds a difference", async () => {
        const folder = mkdtempSync(join(tmpdir(), "sallyport-plan-"));
        onTestFinished(() => rmSync(folder, { recursive: true }));
        const plan = join(folder, "plan.json");
        const events: EngineEvent[] = [];
        await all.under.stack.preview({ ...listening, plan, onEvent: (event) => events.push(event) });
        said.push(withoutDebug(events));
        await up({ plan });
        await all.under.stack.preview({ ...listening, expectNoChanges: true });
        await settled();
        expect(
            publishedNames(all.emulator)
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(["api", "bastion", "db", "desk", "local"].map((label) => `${label}.example.com`));
    });

    it("changes each mutable field in place, and is settled then", async () => {
        all.under.set({ CHANGED: "1" });
        const events = await up();
        expect(stepsIn(events, "update")).toEqual(CHANGED_IN_PLACE);
        expect(stepsIn(events, "replace")).toEqual({});
        await settled();
    });

    it("makes anew what cannot change, and is settled then", async () => {
        all.under.set({ REPLACED: "1" });
        expect(stepsIn(await up(), "replace")).toEqual(REPLACED);
        await all.under.stack.preview({ ...listening, expectNoChanges: true });
    });

    it("shows none of its secrets in state, previews, events, logs, the API's log or the process list", async () => {
        expect(secrets.size).toBeGreaterThanOrEqual(20);
        expect([...secrets].filter((secret) => secret.startsWith(PLANTED))).toHaveLength(7);
        const places = {
            state: all.under.state(),
            said: said.join(""),
            requests: JSON.stringify(all.emulator.requests),
        };
        for (const [place, text] of Object.entries(places)) {
            expect(text.length, place).toBeGreaterThan(10_000);
            expect(
                [...secrets].filter((secret) => text.includes(secret)),
                place,
            ).toEqual([]);
        }
        const shown = await Promise.all([...secrets].map((secret) => processesShowing(secret, "cmdline")));
        expect(shown.flat()).toEqual([]);
    });

    it("leaves nothing, and no published name was without its guard at any moment", async () => {
        await all.under.stack.destroy(listening);
        expect(objectsMade(all.emulator)).toEqual(before);
        expect(all.unguarded).toEqual([]);
    });
});

describe("every component in one stack, against an API that fails", () => {
    it("is whole within three runs, with nothing twice and nothing left over", async () => {
        await using all = await openEverything();
        const { emulator, under } = all;
        const clean = objectsMade(emulator);
        // Of each ten requests: three and a third are too many, one fails, and half of one loses its connection before and half of one after its effect.
        under.set({ CLOUDFLARE_BASE_URL: emulator.apiBaseUrl });
        const retryAfterMs = 20;
        emulator.faults.add({
            path: "/**",
            outcome: { kind: "status", status: 429, retryAfterMs },
            probability: 1 / 3,
        });
        emulator.faults.add({ path: "/**", outcome: { kind: "status", status: 500, retryAfterMs }, probability: 0.15 });
        emulator.faults.add({ path: "/**", outcome: { kind: "drop" }, probability: 0.09 });
        emulator.faults.add({ path: "/**", outcome: { kind: "drop" }, when: "after", probability: 0.1 });
        const results: string[] = [];
        while (results.length < 3 && results.at(-1) !== "succeeded") {
            const { result } = await under.stack.up().then(
                ({ summary }) => summary,
                () => ({ result: "failed" }),
            );
            results.push(result);
        }
        expect(results.at(-1)).toBe("succeeded");
        expect(Math.min(...emulator.faults.all().map(({ struck }) => struck))).toBeGreaterThan(3);
        emulator.faults.clear();

        const state = under.state();
        const made = Object.entries(objectsMade(emulator));
        const leftOver = made.flatMap(([kind, ids]) =>
            ids.filter((id) => !state.includes(id) && !clean[kind]?.includes(id)).map((id) => `${kind} ${id}`),
        );
        expect(leftOver).toEqual([]);
        expect(made.length).toBeGreaterThan(10);
        await under.stack.refresh({ expectNoChanges: true });
    });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, UpOptions } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { STACK_LABEL } from "../../toolchain/docker/index.ts";
import type { Workbench } from "../docker/support/workbench.ts";
import { objectsMade, secretsOf } from "./support/accountObjects.ts";
import {
    type ComponentArguments,
    changedArguments,
    componentArguments,
    everyArgument,
} from "./support/changedArguments.ts";
import {
    CHANGED_IN_DOCKER,
    CHANGED_IN_PLACE,
    CONTENT_IN_DOCKER,
    NEVER_CHANGED,
    REPLACED,
    REPLACED_IN_DOCKER,
} from "./support/everyChange.ts";
import { type Everything, openEverything, PLANTED } from "./support/everything.ts";
import { processesShowing } from "./support/processList.ts";
import { publishedNames } from "./support/unguarded.ts";

/** Properties that differ, by resource of a provider, of the steps of one kind. */
function stepsIn(events: readonly EngineEvent[], op: string, provider = "cloudflare"): Record<string, string[]> {
    const steps = events.flatMap(({ resourcePreEvent }) => {
        const metadata = resourcePreEvent?.metadata;
        if (metadata?.op !== op || !metadata.urn.replaceAll("$", "::").includes(`::${provider}:`)) return [];
        const name = metadata.urn.replace(/^.*?:[A-Z]\w+::/, "").replace(/^.*:[A-Z]\w+::/, "");
        return [[name, [...(metadata.diffs ?? [])].toSorted()] as const];
    });
    return Object.fromEntries(steps);
}

/** What Docker shows of everything that the stack has in it, to whoever may ask the engine. */
async function inspected({ docker, stack }: Workbench): Promise<string> {
    const filters = { label: [`${STACK_LABEL}=${stack}`] };
    const containers = await docker.listContainers({ all: true, filters });
    const shown = await Promise.all([
        Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect())),
        docker.listServices({ filters }),
        docker.listSecrets({ filters }),
        docker.listConfigs({ filters }),
        docker.listNetworks({ filters }),
        docker.listVolumes({ filters: JSON.stringify(filters) }).then(({ Volumes }) => Volumes),
    ]);
    return JSON.stringify(shown);
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

/** Whether a text is too long to be anywhere by chance. */
function isSecret(text: string): boolean {
    return text.length >= 20;
}

describe("every component in one stack", () => {
    let all: Everything;
    let before: Record<string, string[]>;
    /** Arguments that an update has changed so far. */
    const changed = new Set<string>();
    let given: ComponentArguments;
    const secrets = new Set<string>();
    /** Secret outputs in which there was none. */
    const withoutSecret = new Set<string>();
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
        for (const [name, { value, secret }] of Object.entries(outputs)) {
            const found = secret ? textsIn(value).filter(isSecret) : [];
            for (const text of found) secrets.add(text);
            if (secret && found.length === 0) withoutSecret.add(name);
        }
        for (const text of secretsOf(all.emulator).filter(isSecret)) secrets.add(text);
        return events;
    }

    /** Brings the next form of the stack up, and notes which arguments it changes. */
    async function change(env: Record<string, string>) {
        all.under.set(env);
        const events = await up();
        const now = await componentArguments(all.under.stack);
        for (const argument of changedArguments(given, now)) changed.add(argument);
        given = now;
        return events;
    }

    /** A refresh that finds nothing leaves the state alone, so the preview before it holds for the one after it. */
    async function settled() {
        await all.under.stack.preview({ ...listening, expectNoChanges: true });
        await all.under.stack.refresh({ ...listening, expectNoChanges: true });
    }

    beforeAll(async () => {
        all = await openEverything({ inDocker: true });
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
        const created = await up({ plan });
        for (const provider of ["cloudflare", "docker"]) {
            expect(stepsIn(created, "create", provider)).toEqual(stepsIn(events, "create", provider));
        }
        given = await componentArguments(all.under.stack);
        await settled();
        expect(
            publishedNames(all.emulator)
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(
            ["api", "bastion", "cluster-1", "db", "desk", "local", "shop-dev"].map((label) => `${label}.example.com`),
        );
    });

    it("changes each mutable field in place, and is settled then", async () => {
        const events = await change({ CHANGED: "1" });
        expect(stepsIn(events, "update")).toEqual(CHANGED_IN_PLACE);
        expect(stepsIn(events, "replace")).toEqual({});
        expect(stepsIn(events, "update", "docker")).toEqual(CHANGED_IN_DOCKER);
        expect(stepsIn(events, "replace", "docker")).toEqual(CONTENT_IN_DOCKER);
        await settled();
    });

    it("makes anew what cannot change, and is settled then", async () => {
        const events = await change({ REPLACED: "1" });
        expect(stepsIn(events, "replace")).toEqual(REPLACED);
        expect(stepsIn(events, "replace", "docker")).toEqual(REPLACED_IN_DOCKER);
        await all.under.stack.preview({ ...listening, expectNoChanges: true });
    });

    it("was given another value for every argument of every component, but for those that tell why not", () => {
        const unchanged = everyArgument().filter((argument) => !changed.has(argument));
        expect(unchanged.toSorted()).toEqual(Object.keys(NEVER_CHANGED).toSorted());
    });

    it("shows none of its secrets in state, previews, events, logs, the API's log or the process list", async () => {
        expect(secrets.size).toBeGreaterThanOrEqual(20);
        expect([...withoutSecret]).toEqual([]);
        expect([...secrets].filter((secret) => secret.startsWith(PLANTED))).toHaveLength(7);
        const places = {
            state: all.under.state(),
            said: said.join(""),
            requests: JSON.stringify(all.emulator.requests),
            docker: await inspected(all.bench),
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
        expect(JSON.parse(await inspected(all.bench)).flat()).toEqual([]);
        expect(all.unguarded).toEqual([]);
    });
});

describe("every component in one stack, against an API that fails", () => {
    it("is whole within three runs, with nothing twice and nothing left over", async () => {
        await using all = await openEverything({ inDocker: false });
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

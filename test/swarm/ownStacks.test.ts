import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect, it } from "vitest";
import { haveOwnStacks } from "../../cli/swarm/plan.ts";
import { LocalRuntime } from "../../stacks/config/environment.ts";

/** Whoever asks it for its outputs starts the engine. */
const unasked = new Proxy({} as Stack, {
    get: () => {
        throw new Error("the stack was asked");
    },
});

const swarm = { hostnames: ["*.example.com"], audiences: ["staff"], inStack: false };

it("are none where the local environment runs without Docker, so that nobody looks for a Swarm", async () => {
    const runtime = { kind: LocalRuntime.Processes, demoService: "http://127.0.0.1:8080" } as const;
    const emulator = { apiBaseUrl: "http://127.0.0.1:8787", edge: ["127.0.0.1:7844"], edgeCaPem: "", runtime };
    expect(await haveOwnStacks({ swarm, emulator }, unasked)).toBe(false);
});

it("are looked for everywhere else", async () => {
    await expect(haveOwnStacks({ swarm }, unasked)).rejects.toThrow("the stack was asked");
});

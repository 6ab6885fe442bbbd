import { rootCertificates } from "node:tls";
import * as pulumi from "@pulumi/pulumi";
import { type EmulatorConfig, LocalRuntime } from "../../../stacks/config/environment.ts";
import { loadEnvironment } from "../../../stacks/config.ts";
import { deploy } from "../../../stacks/deploy.ts";

// As the project's own program does, for the same reason.
Reflect.deleteProperty(Error, "prepareStackTrace");

const runtimes: Record<string, EmulatorConfig["runtime"]> = {
    swarm: {
        kind: LocalRuntime.Swarm,
        teamProxy: "127.0.0.1:1",
        images: { cloudflared: "cloudflare/cloudflared:2026.3.0", traefik: "traefik:v3.6.15", demo: "busybox:1" },
    },
    // Nothing of Docker's, so that it can be deployed where there is none.
    processes: { kind: LocalRuntime.Processes, demoService: "http://127.0.0.1:1" },
};

/** The stack file's own environment, asked of the emulated API: a stack file itself names an emulator for the stack `local` alone. */
export default () => {
    const apiBaseUrl = process.env.BENCH_API;
    const runtime = runtimes[process.env.BENCH_RUNTIME ?? ""];
    if (apiBaseUrl === undefined || runtime === undefined) {
        throw new pulumi.RunError("BENCH_API must be the emulator's base URL, and BENCH_RUNTIME swarm or processes");
    }
    // Nobody connects to this edge; its certificate is any.
    const emulator = { apiBaseUrl, edge: ["127.0.0.1:7844"], edgeCaPem: rootCertificates[0] ?? "", runtime };
    return deploy({ ...loadEnvironment(), emulator });
};

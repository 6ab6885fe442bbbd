import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { ConfigError } from "./configError.ts";
import { type EmulatorConfig, LocalRuntime } from "./environment.ts";
import { isLoopback } from "./loopback.ts";
import type { RawStack } from "./parse.ts";

const hostAndPort = z.string().regex(/^.+:\d+$/, "is not host:port");

const file = z.object({
    apiBaseUrl: z.url().refine(isLoopback, "is not on loopback"),
    edge: z.array(hostAndPort).min(1),
    edgeCaPem: z.string().includes("BEGIN CERTIFICATE"),
    runtime: z.discriminatedUnion("kind", [
        z.object({
            kind: z.literal(LocalRuntime.Swarm),
            teamProxy: hostAndPort,
            images: z.object({ cloudflared: z.string(), traefik: z.string(), demo: z.string() }),
        }),
        z.object({
            kind: z.literal(LocalRuntime.Processes),
            demoService: z.url().refine(isLoopback, "is not on loopback"),
        }),
    ]),
});

/** Reads what `sallyport local up` wrote about the running emulator. */
export function readEmulatorFile(raw: Pick<RawStack, "file" | "projectDir">, path: string): EmulatorConfig {
    const fail = (reason: string): never => {
        throw new ConfigError(raw.file, [{ path: "sallyport:emulator", reason }]);
    };
    let text: string;
    try {
        text = readFileSync(resolve(raw.projectDir, path), "utf8");
    } catch {
        return fail(`"${path}" is not there, so the emulator is not running. Start it with \`npm run local\`.`);
    }
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        return fail(`"${path}" is damaged. Run \`npm run local -- down\`, then \`npm run local\`.`);
    }
    const parsed = file.safeParse(json);
    if (!parsed.success) {
        const [issue] = parsed.error.issues;
        return fail(`"${path}": ${issue?.path.join(".")} ${issue?.message}. Run \`npm run local\` again.`);
    }
    return parsed.data;
}

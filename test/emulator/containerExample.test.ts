import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { emulatorCommand } from "../../cli/commands/emulator.ts";
import { projectDir } from "../../cli/project.ts";
import { isPrivateRange } from "../../emulator/containerNetwork.ts";

const folder = join(projectDir, "examples", "emulator");
const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");
const { services, networks, secrets } = parse(readFileSync(join(folder, "compose.yaml"), "utf8")) as {
    services: Record<string, { command: string[]; ports?: unknown; networks: string[]; build: { dockerfile: string } }>;
    networks: Record<string, { internal: boolean; ipam: { config: { subnet: string }[] } }>;
    secrets: Record<string, { file: string }>;
};

it("the emulator's image listens on loopback alone unless it is told otherwise, and is not root", () => {
    const [, entryPoint = "[]"] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
    expect(JSON.parse(entryPoint).slice(0, 3)).toEqual(["node", "cli/bin.js", "emulator"]);
    expect(entryPoint).not.toContain("--network");
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
});

it("the emulator's Compose file has it listen in its own closed network, behind a token from a secret, and publishes nothing", () => {
    const [emulator] = Object.values(services);
    expect(Object.keys(services)).toEqual(["emulator"]);
    expect(emulator?.ports).toBeUndefined();
    const { command = [], networks: joined } = emulator ?? {};
    const [network] = (joined ?? []).map((name) => networks[name]);
    const range = command[command.indexOf("--network") + 1];
    expect(network).toMatchObject({ internal: true, ipam: { config: [{ subnet: range }] } });
    expect(isPrivateRange(String(range))).toBe(true);
    expect(command[command.indexOf("--token-file") + 1]).toBe(`/run/secrets/${Object.keys(secrets)[0]}`);
});

it("both use options that there are", () => {
    const known = emulatorCommand().options.map(({ long }) => long);
    const used = [...`${dockerfile.split("ENTRYPOINT")[1]} ${services.emulator?.command}`.matchAll(/--[a-z-]+/g)];
    expect(used.length).toBeGreaterThan(4);
    expect(known).toEqual(expect.arrayContaining(used.map(([option]) => option)));
});

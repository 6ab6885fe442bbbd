import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { swarmCommand } from "../../../cli/commands/swarm.ts";
import { projectDir } from "../../../cli/project.ts";

interface ComposeService {
    readonly command?: string[];
    readonly ports?: unknown;
    readonly environment: Record<string, unknown>;
    readonly networks: string[];
}

it("the example of the daemon as a service publishes no port, gives its proxy no right to write, and uses options that there are", () => {
    const text = readFileSync(join(projectDir, "examples", "swarm-watch", "compose.yaml"), "utf8");
    const { services } = parse(text) as { services: Record<"watch" | "socket-proxy", ComposeService> };
    expect(Object.values(services).map(({ ports }) => ports)).toEqual([undefined, undefined]);
    // Tecnativa's README: what is not named is refused, but for GET /_ping, /version and /events.
    expect(services["socket-proxy"].environment).toEqual({ SERVICES: 1, NETWORKS: 1 });
    expect(services["socket-proxy"].networks).toEqual(["watch"]);
    const watch = swarmCommand().commands.find((command) => command.name() === "watch");
    const known = watch?.options.map(({ long }) => long);
    const used = services.watch.command?.filter((word) => word.startsWith("--"));
    expect(used).toEqual(["--read-from", "--status-port", "--status-network", "--json"]);
    expect(known).toEqual(expect.arrayContaining(used ?? []));
});

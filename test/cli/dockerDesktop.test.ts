import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectorAddresses } from "../../cli/local/connectorAddresses.ts";
import { parseEdgeAddresses } from "../../emulator/edge/transport/addresses.ts";
import { readEmulatorFile } from "../../stacks/config/emulatorFile.ts";
import { LocalRuntime } from "../../stacks/config/environment.ts";
import { dockerAt, hostGateway } from "../../toolchain/docker/index.ts";
import { FakeEngine } from "../docker/support/fakeEngine.ts";

/** An engine in a virtual machine: there is none in the tests. */
async function desktop() {
    await using engine = await FakeEngine.start({ "GET /info": { body: { OperatingSystem: "Docker Desktop" } } });
    return await hostGateway(dockerAt(engine.host));
}

describe("the local environment on Docker Desktop", () => {
    it("listens on loopback alone, at an address for each of cloudflared's four connections and one for the proxy", async () => {
        const { edge, teamProxy } = connectorAddresses((await desktop()).listenAddress);
        // Without routes there is no Docker bridge, and so nothing but loopback.
        const listening = parseEdgeAddresses([...edge, teamProxy], "");
        expect(listening).toHaveLength(5);
        expect(new Set(listening.map(({ port }) => port)).size).toBe(5);
    });

    it("tells the stack the same ports under the name that containers resolve", async () => {
        const { listenAddress, dialHost } = await desktop();
        const [listening, dialled] = [connectorAddresses(listenAddress), connectorAddresses(dialHost)];
        const told = {
            apiBaseUrl: "http://127.0.0.1:8787/client/v4",
            edgeCaPem: "-----BEGIN CERTIFICATE-----",
            edge: dialled.edge,
            runtime: {
                kind: LocalRuntime.Swarm,
                teamProxy: dialled.teamProxy,
                images: { cloudflared: "c:1", traefik: "t:1", demo: "d:1" },
            },
        };
        const folder = mkdtempSync(join(tmpdir(), "sallyport-desktop-"));
        writeFileSync(join(folder, "emulator.json"), JSON.stringify(told));
        const read = readEmulatorFile({ file: "Pulumi.local.yaml", projectDir: folder }, "emulator.json");
        rmSync(folder, { recursive: true });
        expect(read).toEqual(told);
        expect(read.edge).toEqual(listening.edge.map((at) => at.replace("127.0.0.1", "host.docker.internal")));
        expect(read.runtime).toMatchObject({
            teamProxy: listening.teamProxy.replace("127.0.0.1", "host.docker.internal"),
        });
    });
});

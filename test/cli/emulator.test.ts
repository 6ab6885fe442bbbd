import { once } from "node:events";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { reach } from "../private/support/socksClient.ts";
import { sallyport } from "../support/cli.ts";

const ANYWHERE = "127.0.0.1:0";

/** The JSON document that comes first; its last line is a brace alone. */
async function firstDocument(input: NodeJS.ReadableStream): Promise<string> {
    const lines: string[] = [];
    for await (const line of createInterface({ input })) {
        lines.push(line);
        if (line === "}") {
            break;
        }
    }
    return lines.join("\n");
}

describe("sallyport emulator", () => {
    it("leads registered devices into private networks, and writes down what became of each connection", async () => {
        const args = ["--edge", ANYWHERE, "--https", ANYWHERE, "--private-network", ANYWHERE];
        const command = ["cli/bin.js", "emulator", "--json", ...args];
        const running = execa(process.execPath, command, { cwd: projectDir, reject: false });
        try {
            const log = createInterface({ input: running.stderr });
            const { apiBaseUrl, apiToken, privateNetwork } = JSON.parse(await firstDocument(running.stdout));
            const answer = await fetch(new URL("/emulator/devices", apiBaseUrl), {
                method: "POST",
                headers: { authorization: `Bearer ${apiToken}` },
                body: JSON.stringify({ name: "laptop", email: "ada@example.com" }),
            });
            const { result } = (await answer.json()) as { result: { secret: string } };
            const written = once(log, "line");
            const login = { username: "laptop", password: result.secret };
            const { reply, socket } = await reach(privateNetwork, login, "10.20.1.5", 443);
            socket.destroy();
            expect(reply).toBe(3);
            expect(await written).toEqual([
                expect.stringContaining(
                    "private network: laptop (ada@example.com) to 10.20.1.5:443: no-route, no route",
                ),
            ]);
        } finally {
            running.kill();
            expect((await running).exitCode).toBe(0);
        }
    });

    it("has no private networks without an edge for connectors", async () => {
        const { exitCode, stderr } = await sallyport(["emulator", "--private-network", ANYWHERE]);
        expect(exitCode).toBe(2);
        expect(stderr).toContain("--private-network: there is no edge for connectors");
    });
});

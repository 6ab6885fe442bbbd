import { describe, expect, it, vi } from "vitest";
import { Exit } from "../../cli/exit.ts";
import { chooseRuntime, type RuntimeOptions } from "../../cli/local/runtime.ts";
import { LocalRuntime } from "../../stacks/config/environment.ts";
import { dockerError, type Host } from "../../toolchain/docker/index.ts";
import { type Progress, ToolError } from "../../toolchain/index.ts";

const debianUser: Host = { platform: "linux", root: false, systemd: false, debian: true };

/** What getting Docker comes to on a machine that has none. */
const absent = (host: Host = debianUser) =>
    failing(dockerError({ state: "not installed", endpoint: "unix:///x" }, host));
const failing = (error: Error) => async () => {
    throw error;
};

/** Chooses without a `DOCKER_HOST`; `steps` is what the user saw. */
async function choose(options: Partial<RuntimeOptions>, dockerHost = "") {
    vi.stubEnv("DOCKER_HOST", dockerHost);
    const steps: string[] = [];
    const progress: Progress = { step: (title) => void steps.push(title), detail: () => {}, done: () => {} };
    const chosen = await chooseRuntime({ yes: false, withoutDocker: false, progress, present: undefined, ...options });
    return { kind: chosen.kind, steps };
}

describe("where Docker cannot be had", () => {
    it.each([
        ["without root", absent(), /Docker is not installed\. Run "sudo apt-get/],
        ["on an unknown distribution", absent({ ...debianUser, debian: false }), /Install Docker Engine as https/],
        ["where nobody agrees to install it", absent({ ...debianUser, root: true }), /Add --yes/],
        [
            "where it does not start",
            failing(new ToolError("dockerd ended: no iptables.", "Read the log.")),
            /no iptables/,
        ],
    ])("the local environment runs as processes %s, and says why", async (_, ensure, why) => {
        const { kind, steps } = await choose({ ensure });
        expect(kind).toBe(LocalRuntime.Processes);
        expect(steps).toEqual([expect.stringMatching(/^Going on without Docker \(/)]);
        expect(steps[0]).toMatch(why);
    });

    it("an engine that DOCKER_HOST names is not given up for processes", async () => {
        await expect(choose({ ensure: absent() }, "ssh://swarm.example.com")).rejects.toThrow(
            "Docker is not installed.",
        );
    });

    it("an environment in Docker is not given up for processes", async () => {
        const options = { ensure: absent(), present: LocalRuntime.Swarm };
        await expect(choose(options)).rejects.toThrow("Docker is not installed.");
    });

    it("a mistake of ours is not taken for a missing Docker", async () => {
        await expect(choose({ ensure: failing(new TypeError("undefined is no function")) })).rejects.toThrow(TypeError);
    });
});

describe("--without-docker", () => {
    it("asks nothing of Docker", async () => {
        const ensure = vi.fn();
        expect(await choose({ withoutDocker: true, ensure })).toMatchObject({ kind: LocalRuntime.Processes });
        expect(ensure).not.toHaveBeenCalled();
    });

    it("is refused where containers would be left behind", async () => {
        await expect(choose({ withoutDocker: true, present: LocalRuntime.Swarm })).rejects.toMatchObject({
            exit: Exit.usage,
            fix: "take it down first: npm run local -- down",
        });
    });

    it("holds for an environment until it is taken down", async () => {
        const ensure = vi.fn();
        const { kind, steps } = await choose({ present: LocalRuntime.Processes, ensure });
        expect(kind).toBe(LocalRuntime.Processes);
        expect(steps[0]).toMatch(/npm run local -- down/);
        expect(ensure).not.toHaveBeenCalled();
    });
});

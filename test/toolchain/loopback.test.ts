import { describe, expect, it, vi } from "vitest";
import { ensureLoopback, type LoopbackHost } from "../../toolchain/loopback.ts";
import { errorOf } from "./support/errorOf.ts";

/** A machine whose loopback interface is up once this command has run. */
function machine(raisedBy: string, rest: Partial<LoopbackHost> = {}) {
    let up = false;
    const run = vi.fn((command: string) => {
        up ||= command === raisedBy;
    });
    return { isUp: () => up, linux: true, root: true, ...rest, run };
}

describe("the loopback interface", () => {
    it("is left alone when it is up", () => {
        const host = machine("ip", { isUp: () => true });
        ensureLoopback(host);
        expect(host.run).not.toHaveBeenCalled();
    });

    it.each([
        ["ip", 1],
        ["python3", 2],
        ["perl", 3],
    ])("is raised by %s, and nothing more is tried", (command, tried) => {
        const host = machine(command);
        ensureLoopback(host);
        expect(host.run).toHaveBeenCalledTimes(tried);
    });

    it.each([
        ["without root", machine("ip", { root: false }), 0],
        ["on another system", machine("ip", { linux: false }), 0],
        ["without any of the commands", machine("nothing"), 3],
    ])("is reported as down %s", async (_, host, tried) => {
        const error = await errorOf(() => ensureLoopback(host));
        expect(error.fix).toContain("ip link set lo up");
        expect(host.run).toHaveBeenCalledTimes(tried);
    });
});

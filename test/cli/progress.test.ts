import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { stderrProgress, withinStep } from "../../cli/ui/progress.ts";

let written: string;
beforeEach(() => {
    written = "";
    vi.useFakeTimers();
    Object.defineProperty(process.stderr, "isTTY", { value: false, configurable: true });
    vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
        written += chunk;
        return true;
    });
});
afterEach(() => vi.useRealTimers());

it("tells a log each step with its duration, and now and then how a long one is going", () => {
    const progress = stderrProgress();
    progress.step("engine");
    progress.detail("12 modules");
    vi.advanceTimersByTime(11_000);
    progress.detail("340 modules");
    progress.detail("341 modules");
    progress.step("images");
    progress.done();
    expect(written).toBe(
        "      engine\n      engine: 340 modules (11.0 s)\ndone: engine (11.0 s)\n      images\ndone: images (0.0 s)\n",
    );
});

it("keeps work inside a step from ending it", () => {
    const progress = stderrProgress();
    progress.step("images");
    const part = withinStep(progress);
    part.step("cloudflared");
    vi.advanceTimersByTime(20_000);
    part.detail("compiling");
    part.done();
    progress.done();
    expect(written).toBe("      images\n      images: compiling (20.0 s)\ndone: images (20.0 s)\n");
});

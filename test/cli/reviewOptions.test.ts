import { describe, expect, it } from "vitest";
import { mapCommand } from "../../cli/commands/map.ts";
import { previewCommand } from "../../cli/commands/preview.ts";
import { whoCanReachCommand } from "../../cli/commands/reach.ts";
import { Exit } from "../../cli/exit.ts";
import { checkOut } from "../../cli/preview/revision.ts";

const usage = (message: RegExp) =>
    expect.objectContaining({ exit: Exit.usage, message: expect.stringMatching(message) });

describe("options of a review", () => {
    it.each([
        ["--state", "state.json"],
        ["--against", "main"],
    ])("%s is refused for a preview with an account", async (option, value) => {
        const parsed = previewCommand().parseAsync(["staging", option, value], { from: "user" });
        await expect(parsed).rejects.toEqual(usage(new RegExp(`^${option} is for offline previews`)));
    });

    it.each([mapCommand, whoCanReachCommand])(
        "a recorded state and the files cannot be asked at once",
        async (command) => {
            const parsed = command().parseAsync(["staging", "--offline", "--state", "state.json"], { from: "user" });
            await expect(parsed).rejects.toEqual(usage(/--offline asks the stack's files/));
        },
    );

    it.each(["no-such-branch", "--output=/tmp/x", ""])(
        "a commit that Git does not know is refused: %j",
        async (ref) => {
            await expect(checkOut(ref)).rejects.toEqual(usage(/knows no such branch, tag or commit/));
        },
    );
});

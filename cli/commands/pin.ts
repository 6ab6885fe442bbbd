import { Command } from "commander";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson, printTable } from "../ui/table.ts";

interface PinFlags {
    check: boolean;
    update: boolean;
    json: boolean;
}

/** `sallyport pin STACK`: images by their digests. */
export function pinCommand(): Command {
    return new Command("pin")
        .description("name the images of a stack by their digests, in its file, so that what runs is what was tried")
        .argument("<stack>", "name of the stack, for example prod")
        .option("--check", "change nothing and ask nobody; exit 1 where an image has no digest", false)
        .option("--update", "look up images that have a digest as well, by their tag", false)
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport pin prod")
        .action(async (stack: string, { check, update, json }: PinFlags) => {
            const { pin } = await import("../pin/pin.ts");
            const result = await pin(stack, { check, update, progress: stderrProgress() });
            if (json) {
                printJson(result);
            } else {
                const rows = result.images.map(({ path, image, pinned, changed }) => [
                    path,
                    changed ? "pinned" : pinned ? "has its digest" : "has no digest",
                    image,
                ]);
                printTable(["WHERE", "", "IMAGE"], rows);
            }
            if (result.images.some(({ pinned }) => !pinned)) process.exitCode = Exit.no;
        });
}

import { Command, Option } from "commander";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";
import { type SourceFlags, sourceOf, withSource } from "./graphSource.ts";

type Format = "mermaid" | "svg" | "html" | "json";

/** `sallyport map STACK`: who reaches what, drawn. */
export function mapCommand(): Command {
    return withSource(
        new Command("map")
            .description("draw who reaches what in a stack")
            .argument("<stack>", "name of the stack, for example staging")
            .addOption(
                new Option("--format <format>", "how to draw it; html is a page with a search")
                    .choices(["mermaid", "svg", "html", "json"])
                    .default("mermaid"),
            ),
    )
        .addHelpText("after", "\nExample:\n  npx sallyport map staging --format html > map.html")
        .action(async (stack: string, { format, ...flags }: SourceFlags & { format: Format }) => {
            const { graphOfStack, SOURCE_WORDS } = await import("../reach/sources.ts");
            const { graph, source } = await graphOfStack(stack, { ...sourceOf(flags), progress: stderrProgress() });
            const title = `Who reaches what: ${stack}, ${SOURCE_WORDS[source]}`;
            if (format === "json") {
                const { graphDocument } = await import("../reach/answers.ts");
                printJson(graphDocument({ stack, source, graph }));
            } else if (format === "mermaid") {
                const { mermaid } = await import("../reach/map/mermaid.ts");
                process.stdout.write(`${mermaid(graph)}\n`);
            } else if (format === "svg") {
                const { svg } = await import("../reach/map/svg.ts");
                process.stdout.write(await svg(graph, title));
            } else {
                const { mapPage } = await import("../reach/map/page.ts");
                process.stdout.write(await mapPage(graph, stack, SOURCE_WORDS[source]));
            }
        });
}

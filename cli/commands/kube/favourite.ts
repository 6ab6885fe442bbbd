import { Command } from "commander";
import { Mistakes } from "../../mistakes.ts";

/** `sallyport kube favourite add|rm|ls`: the clusters that come first. */
export function favouriteCommand(): Command {
    const favourite = new Command("favourite").description("the clusters that come first in lists");
    favourite
        .command("add")
        .description("put clusters first")
        .argument("<names...>", "names of clusters that were found before")
        .addHelpText("after", "\nExample:\n  npx sallyport kube favourite add orders")
        .action(async (names: string[]) => {
            const { favourites, keepFavourites } = await import("../../kube/favourites.ts");
            const { rememberedClusters } = await import("../../kube/discovery/clusters.ts");
            const { clustersNamed } = await import("../../kube/discovery/merge.ts");
            const clusters = rememberedClusters(say);
            const mistakes = new Mistakes();
            for (const name of names) {
                mistakes.add(name, clustersNamed(clusters, name).length === 0 ? unknownName(clusters) : undefined);
            }
            mistakes.throwIfAny();
            keepFavourites([...favourites(), ...names]);
        });
    favourite
        .command("rm")
        .description("put clusters back among the others")
        .argument("<names...>", "names of favourites")
        .addHelpText("after", "\nExample:\n  npx sallyport kube favourite rm orders")
        .action(async (names: string[]) => {
            const { favourites, keepFavourites } = await import("../../kube/favourites.ts");
            const liked = favourites();
            const mistakes = new Mistakes();
            for (const name of names) {
                mistakes.add(
                    name,
                    liked.has(name) ? undefined : `is not among them: ${[...liked].join(", ") || "there are none"}`,
                );
            }
            mistakes.throwIfAny();
            keepFavourites([...liked].filter((name) => !names.includes(name)));
        });
    favourite
        .command("ls")
        .description("print them, a name a line")
        .addHelpText("after", "\nExample:\n  npx sallyport kube favourite ls")
        .action(async () => {
            const { favourites } = await import("../../kube/favourites.ts");
            process.stdout.write([...favourites()].map((name) => `${name}\n`).join(""));
        });
    return favourite;
}

function unknownName(clusters: readonly { name: string }[]): string {
    const known = clusters.map(({ name }) => name).toSorted();
    return known.length === 0
        ? "no cluster was found so far; run: sallyport kube discover"
        : `is no cluster that was found; write one of ${known.join(", ")}, or run: sallyport kube discover`;
}

function say(text: string): void {
    process.stderr.write(`${text}\n`);
}

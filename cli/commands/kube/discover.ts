import { Command } from "commander";
import { Exit } from "../../exit.ts";
import type { SourceAnswer } from "../../kube/discovery/cluster.ts";
import type { KnownClusters } from "../../kube/discovery/clusters.ts";
import { printJson, printTable } from "../../ui/table.ts";
import { type ClusterSourceFlags, configurationFor, withClusterSource } from "./clusterSources.ts";

interface Flags extends ClusterSourceFlags {
    json: boolean;
}

/** `sallyport kube discover`: asks every source for its clusters. */
export function discoverCommand(): Command {
    return withClusterSource(new Command("discover"))
        .description("ask every source for clusters, side by side, and tell what each one said")
        .option("--json", "one JSON document", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport kube discover --catalogue https://platform.example.com/clusters.json",
        )
        .action(async (flags: Flags) => {
            const { knownClusters } = await import("../../kube/discovery/clusters.ts");
            const known = await knownClusters({
                configuration: await configurationFor(flags),
                refresh: true,
                note: say,
                onAnswer: tell,
            });
            print(known, flags);
            if (known.answers.every(({ answered }) => !answered)) {
                process.exitCode = Exit.failed;
            }
        });
}

function tell({ source, answered, clusters, problems, tookMs }: SourceAnswer): void {
    const took = `${(tookMs / 1000).toFixed(1)} s`;
    say(answered ? `${source}: ${clusters.length} found (${took})` : `${source}: no answer (${took})`);
    for (const problem of problems) {
        say(`${source}: ${problem}`);
    }
}

function print({ clusters, answers, added }: KnownClusters, { json }: Flags): void {
    if (json) {
        const sources = answers.map(({ source, kind, answered, problems, tookMs }) => ({
            ...{ source, kind, answered, problems, tookMs },
        }));
        printJson({ clusters, sources, added: added.map(({ name }) => name) });
        return;
    }
    const isNew = new Set(added);
    printTable(
        ["CLUSTER", "HOST NAME", "API SERVER", "FOUND IN", ""],
        clusters.map((cluster) => [
            cluster.name,
            cluster.hostname ?? "no tunnel",
            cluster.server ?? "",
            cluster.sources.join(", "),
            isNew.has(cluster) ? "new" : "",
        ]),
    );
}

function say(text: string): void {
    process.stderr.write(`${text}\n`);
}

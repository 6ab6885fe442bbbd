import { Command } from "commander";
import { Exit } from "../../exit.ts";
import type { Listing } from "../../kube/ls.ts";
import { Mistakes } from "../../mistakes.ts";
import { stderrProgress } from "../../ui/progress.ts";
import { printJson, printTable } from "../../ui/table.ts";
import { type ClusterSourceFlags, configurationFor, withClusterSource } from "./clusterSources.ts";

interface Flags extends ClusterSourceFlags {
    as?: string;
    serviceToken?: string;
    refresh: boolean;
    all: boolean;
    json: boolean;
}

/** `sallyport kube ls`: the clusters that one may reach. */
export function lsCommand(): Command {
    return withClusterSource(new Command("ls"))
        .description("the clusters that you may reach, as Access decides it; favourites first")
        .option("--as <person>", "what somebody else may reach, by the policies of the stacks")
        .option("--service-token <file>", "ask with this service token, in place of your logins")
        .option("--refresh", "ask every source again, whatever is remembered of it", false)
        .option("--all", "also those that are refused, and those that no tunnel leads to", false)
        .option("--json", "one JSON document, with all clusters and what each source said", false)
        .addHelpText("after", "\nExample:\n  npx sallyport kube ls --refresh")
        .action(async (flags: Flags) => {
            const { listClusters } = await import("../../kube/ls.ts");
            const { checkedSource } = await import("../../connect/credentials.ts");
            const mistakes = new Mistakes();
            const serviceToken = checkedSource(flags.serviceToken, process.env, mistakes);
            mistakes.throwIfAny();
            const listing = await listClusters({
                configuration: await configurationFor(flags),
                refresh: flags.refresh,
                as: flags.as,
                serviceToken,
                progress: stderrProgress(),
                note: say,
            });
            await print(listing, flags);
            if (listing.sources.every(({ answered }) => !answered)) {
                process.exitCode = Exit.failed;
            }
        });
}

async function print(listing: Listing, { all, json }: Flags): Promise<void> {
    if (json) {
        printJson(listing);
        return;
    }
    const { ageWords, isWithinReach } = await import("../../kube/ls.ts");
    for (const { source, problems } of listing.sources) {
        for (const problem of problems) {
            say(`${source}: ${problem}`);
        }
    }
    const shown = listing.clusters.filter((cluster) => all || isWithinReach(cluster));
    printTable(
        ["", "CLUSTER", "ACCESS", "HOST NAME", "FOUND IN", "TOLD"],
        shown.map(({ favourite, name, access, why, hostname, sources, toldAt }) => [
            favourite ? "★" : "",
            name,
            why === undefined ? access : `${access}: ${why}`,
            hostname ?? "",
            sources.join(", "),
            ageWords(Date.now() - Date.parse(toldAt)),
        ]),
    );
    const hidden = listing.clusters.length - shown.length;
    if (hidden > 0) {
        say(`${hidden} more that you do not reach: --all shows them`);
    }
}

function say(text: string): void {
    process.stderr.write(`${text}\n`);
}

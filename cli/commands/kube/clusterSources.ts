import type { Command } from "commander";
import { CommandError, Exit } from "../../exit.ts";
import type { DiscoveryConfiguration } from "../../kube/discovery/configuration.ts";

/** Options of the commands that look for clusters: where. */
export interface ClusterSourceFlags {
    stack?: string;
    catalogue?: string;
}

export function withClusterSource(command: Command): Command {
    return command
        .option("--stack <stack>", "only the clusters of this stack of the project")
        .option("--catalogue <from>", "only those of this catalogue: a file, or an https:// address");
}

/**
 * Where the command looks: what it names, or else the configured sources.
 *
 * @throws CommandError (exit 2) where there is nowhere to look.
 */
export async function configurationFor({ stack, catalogue }: ClusterSourceFlags): Promise<DiscoveryConfiguration> {
    const { ClusterSourceKind } = await import("../../../stacks/config/clusterSources.ts");
    const { onlySource, readDiscoveryConfiguration, settingsFile } = await import(
        "../../kube/discovery/configuration.ts"
    );
    if (stack !== undefined && catalogue !== undefined) {
        throw new CommandError(Exit.usage, "--stack and --catalogue each name the only source", "leave one out");
    }
    if (stack !== undefined) {
        return onlySource({ kind: ClusterSourceKind.Stack, stack });
    }
    if (catalogue !== undefined) {
        return onlySource({ kind: ClusterSourceKind.Catalogue, from: catalogue });
    }
    const configuration = readDiscoveryConfiguration();
    if (configuration.sources.length === 0) {
        throw new CommandError(
            Exit.usage,
            "no source of clusters is known",
            `name one (--catalogue FILE, --stack STACK), or write \`sources\` into ${settingsFile()}`,
        );
    }
    return configuration;
}

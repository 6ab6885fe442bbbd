import { Command } from "commander";
import { discoverCommand } from "./kube/discover.ts";
import { favouriteCommand } from "./kube/favourite.ts";
import { lsCommand } from "./kube/ls.ts";

/** `sallyport kube …`: Kubernetes clusters whose API servers are reached through a tunnel each. Every subcommand is a file in `kube/`. */
export function kubeCommand(): Command {
    return new Command("kube")
        .description("Kubernetes clusters, reached through a tunnel and an Access application each")
        .addCommand(discoverCommand())
        .addCommand(lsCommand())
        .addCommand(favouriteCommand());
}

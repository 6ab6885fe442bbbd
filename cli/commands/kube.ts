import { Command } from "commander";
import { connectCommand } from "./kube/connect.ts";
import { disconnectCommand } from "./kube/disconnect.ts";
import { discoverCommand } from "./kube/discover.ts";
import { favouriteCommand } from "./kube/favourite.ts";
import { lsCommand } from "./kube/ls.ts";
import { notifyCommand } from "./kube/notify.ts";
import { sessionCommand } from "./kube/session.ts";
import { statusCommand } from "./kube/status.ts";
import { useCommand } from "./kube/use.ts";

/** `sallyport kube …`: Kubernetes clusters whose API servers are reached through a tunnel each. Every subcommand is a file in `kube/`. */
export function kubeCommand(): Command {
    return new Command("kube")
        .description("Kubernetes clusters, reached through a tunnel and an Access application each")
        .addCommand(discoverCommand())
        .addCommand(lsCommand())
        .addCommand(favouriteCommand())
        .addCommand(connectCommand())
        .addCommand(useCommand())
        .addCommand(statusCommand())
        .addCommand(disconnectCommand())
        .addCommand(notifyCommand())
        .addCommand(sessionCommand(), { hidden: true });
}

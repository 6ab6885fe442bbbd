import { Command } from "commander";
import { endAsked } from "../../endAsked.ts";
import { Exit } from "../../exit.ts";
import type { ConnectOptions } from "../../kube/connect.ts";
import type { OpenedCluster } from "../../kube/opened.ts";
import type { TunnelView } from "../../kube/session/state.ts";
import { Mistakes } from "../../mistakes.ts";
import { stderrProgress } from "../../ui/progress.ts";
import { printJson, printTable } from "../../ui/table.ts";
import { localPort } from "../values.ts";
import { type ClusterSourceFlags, configurationFor, withClusterSource } from "./clusterSources.ts";

interface Flags extends ClusterSourceFlags {
    local: Map<string, number>;
    user?: string;
    serviceToken?: string;
    ownKubeconfig: boolean;
    detach: boolean;
    refresh: boolean;
    json: boolean;
}

/** `sallyport kube connect`: local SOCKS5 ports to clusters' API servers, with contexts that go through them. */
export function connectCommand(): Command {
    return withClusterSource(new Command("connect").argument("[names...]", "clusters; asked for where omitted"))
        .description("open tunnels to clusters, and switch kubectl to the last of them")
        .option("--detach", "go on in the background, until `sallyport kube disconnect`", false)
        .option(
            "--user <name>",
            "user of your kubeconfig to be there; the one you have for that API server where omitted",
        )
        .option("--local <name=port>", "local port of a cluster; may be given several times", localPort, new Map())
        .option(
            "--service-token <file>",
            'file with {"clientId", "clientSecret"}, mode 600; CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET, or else a login, where omitted',
        )
        .option("--own-kubeconfig", "leave your kubeconfig as it is, and write one of its own", false)
        .option("--refresh", "ask every source of clusters again, whatever is remembered of it", false)
        .option("--json", "one JSON document on stdout once every cluster is up or has said why not", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport kube connect payments-eu payments-us\n  kubectl get namespaces",
        )
        .action(run);
}

async function run(names: string[], flags: Flags): Promise<void> {
    const progress = stderrProgress();
    const { ownKubeconfigs, chosenFile, ownFile } = await import("../../kube/kubeconfigs.ts");
    await ownKubeconfigs(progress).repair();
    const options = {
        ...(await wanted(names, flags)),
        kubeconfig: chosenFile(process.env, flags.ownKubeconfig),
        progress,
    };
    const { takeUpOpen } = await import("../../kube/connect.ts");
    const open = await takeUpOpen(
        options.clusters.map(({ name }) => name),
        progress,
    );
    const rest = { ...options, clusters: options.clusters.filter(({ name }) => !open.has(name)) };
    for (const name of open.keys()) {
        say(`${name}: connected already; its context is the current one now`);
    }
    for (const { name, context } of rest.clusters) {
        if (context.user === "") {
            say(`${name}: no user of your kubeconfig is for it, so kubectl is nobody there; name one with --user`);
        }
    }
    if (flags.ownKubeconfig) {
        const { kubeconfigFiles } = await import("../../kube/kubeconfig/paths.ts");
        say(`export KUBECONFIG=${[ownFile(), ...kubeconfigFiles(process.env)].join(":")}`);
    }
    if (rest.clusters.length > 0) {
        await (flags.detach ? detached(rest, flags) : inForeground(rest, flags));
    }
}

/** What is asked for, with every mistake in it told at once. */
async function wanted(names: string[], flags: Flags): Promise<Pick<ConnectOptions, "clusters" | "token">> {
    const { knownClusters } = await import("../../kube/discovery/clusters.ts");
    const { checkedSource } = await import("../../connect/credentials.ts");
    const { requestedClusters } = await import("../../kube/request.ts");
    const { mergedKubeconfig } = await import("../../kube/kubeconfigs.ts");
    const { clusters: known, answers } = await knownClusters({
        configuration: await configurationFor(flags),
        refresh: flags.refresh,
        note: say,
    });
    for (const { source, problems } of answers) {
        for (const problem of problems) {
            say(`${source}: ${problem}`);
        }
    }
    const mistakes = new Mistakes();
    const { local: localPorts, user, serviceToken: file } = flags;
    const source = checkedSource(file, process.env, mistakes);
    const chosen = names.length > 0 ? names : await chosenByPerson(known);
    const request = { names: chosen, localPorts, user, known, kubeconfig: mergedKubeconfig(process.env) };
    const clusters = requestedClusters(request, mistakes);
    mistakes.throwIfAny();
    return { clusters, token: file === undefined ? { token: source() } : { file } };
}

async function chosenByPerson(known: Parameters<typeof import("../../kube/prompt.ts").chooseClusters>[0]) {
    const { chooseClusters } = await import("../../kube/prompt.ts");
    const { favourites } = await import("../../kube/favourites.ts");
    return chooseClusters(known, favourites());
}

async function detached(options: ConnectOptions, { json }: Flags): Promise<void> {
    const { openInBackground } = await import("../../kube/connect.ts");
    const { disconnect, viewsOf } = await import("../../kube/sessions.ts");
    const { opened } = await import("../../kube/opened.ts");
    const record = await openInBackground(options);
    const { refused, views } = await opened(options.clusters, () => viewsOf(record));
    print(views, json);
    if (refused.length > 0) {
        await disconnect(refused, options.progress);
        process.exitCode = Exit.no;
    }
}

async function inForeground(options: ConnectOptions, { json }: Flags): Promise<void> {
    const { openHere, startSession } = await import("../../kube/connect.ts");
    const { live } = await import("../../kube/live.ts");
    const { notifier } = await import("../../kube/notify/notifier.ts");
    const { opened } = await import("../../kube/opened.ts");
    let views: () => readonly TunnelView[] = () => [];
    using shown = live(() => views());
    const notify = notifier(shown.say);
    await using own = await startSession(false, options.progress, {
        onChange: (now, before) => {
            shown.change(now, before);
            notify.change(now, before);
        },
        onWake: (ms) => shown.say(`the machine slept for ${Math.round(ms / 1000)} s; every tunnel is tried anew`),
    });
    views = () => own.session.views;
    using _logins = notify.watchLogins(views);
    await openHere(own.session, options);
    const ending = Promise.race([endAsked(), own.closed]);
    const first = await Promise.race([opened(options.clusters, async () => own.session.views), ending]);
    if (first === undefined) {
        return;
    }
    print(first.views, json);
    if (first.refused.length > 0) {
        await own.session.close(first.refused);
        process.exitCode = Exit.no;
    }
    if (own.session.views.length > 0) {
        await ending;
    }
}

function print(views: readonly OpenedCluster[], json: boolean): void {
    if (json) {
        printJson({ clusters: views });
    } else {
        printTable(
            ["CLUSTER", "CONTEXT", "LOCAL", "STATE"],
            views.map(({ name, context, port, words }) => [name, context, `127.0.0.1:${port}`, words]),
        );
    }
}

function say(text: string): void {
    process.stderr.write(`${text}\n`);
}

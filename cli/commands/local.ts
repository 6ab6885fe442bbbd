import { Command } from "commander";
import { refuseViolations } from "../engine/refuseViolations.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printRequests } from "../ui/requestTable.ts";
import { printJson, printTable } from "../ui/table.ts";
import { portNumber } from "./values.ts";

/** Port of the emulated API that nothing else is known to claim. */
const API_PORT = 8787;

/** `sallyport local …`: the local environment. Its default command is `up`. */
export function localCommand(): Command {
    const local = new Command("local").description(
        "the local environment: the real engine, Docker Swarm, Traefik and cloudflared against the emulator",
    );
    local
        .command("up", { isDefault: true })
        .description("bring it up")
        .option("--yes", "install and start what is missing without asking", false)
        .option(
            "--without-docker",
            "use no Docker: cloudflared and a demo service run as processes of this machine",
            false,
        )
        .option("--port <n>", "port of the emulated API on loopback", portNumber, API_PORT)
        .addHelpText("after", "\nExample:\n  npm run local -- --yes")
        .action(async (options: { yes: boolean; withoutDocker: boolean; port: number }) => {
            const { localUp } = await import("../local/up.ts");
            const { changes, violations } = await localUp({ ...options, progress: stderrProgress() });
            refuseViolations(violations);
            const { localStatus } = await import("../local/status.ts");
            printStatus(await localStatus());
            const { create, update, replace, delete: deleted, same } = changes;
            process.stderr.write(
                `\n${create} created, ${update} updated, ${replace} replaced, ${deleted} deleted, ${same} unchanged\n`,
            );
        });
    local
        .command("down")
        .description("take it down and leave nothing")
        .addHelpText("after", "\nExample:\n  npm run local -- down")
        .action(async () => {
            const { localDown } = await import("../local/down.ts");
            for (const remark of await localDown(stderrProgress())) {
                process.stderr.write(`${remark}\n`);
            }
        });
    local
        .command("status")
        .description("what runs")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npm run local -- status")
        .action(async ({ json }: { json: boolean }) => {
            const { localStatus } = await import("../local/status.ts");
            const status = await localStatus();
            json ? printJson(status) : printStatus(status);
        });
    local
        .command("logs")
        .description("the last log lines of a service, of the emulator, or of everything")
        .argument("[name]", "a part of the name of a service or process: `connector`, `demo`, `traefik`, `emulator`")
        .addHelpText("after", "\nExample:\n  npm run local -- logs connector")
        .action(async (name: string | undefined) => {
            const { localLogs } = await import("../local/logs.ts");
            await localLogs(name);
        });
    local
        .command("open")
        .description("open an app in the browser, or the status page that shows each request with what decided it")
        .argument("[name]", "name or hostname of an app; `status`, the status page, where omitted")
        .addHelpText("after", "\nExample:\n  npm run local -- open demo")
        .action(async (name: string | undefined) => {
            const { localOpen } = await import("../local/open.ts");
            const { url, obstacle, ca } = await localOpen(name);
            process.stdout.write(`${url}\n`);
            if (obstacle !== undefined) {
                process.stderr.write(`Open it yourself: ${obstacle}.\n`);
            }
            process.stderr.write(`A browser warns until it trusts the local CA: import ${ca} as an authority.\n`);
        });
    local
        .command("env")
        .description("shell exports with which plain tools work against it")
        .addHelpText("after", '\nExample:\n  eval "$(npx sallyport local env)" && npx pulumi stack -s local')
        .action(async () => {
            const { localEnv, shellExports } = await import("../local/env.ts");
            process.stdout.write(`${shellExports(await localEnv())}\n`);
        });
    return local;
}

function printStatus({
    hostnames,
    tunnels,
    services,
    notShown,
    emulator,
}: Awaited<ReturnType<typeof import("../local/status.ts").localStatus>>): void {
    printTable(
        ["URL", "AUDIENCE", "SERVICE"],
        hostnames.map(({ url, audience, service }) => [url, audience.join(", "), service]),
    );
    process.stdout.write("\n");
    printTable(
        ["TUNNEL", "STATUS", "CONNECTIONS", "ID"],
        tunnels.map(({ name, status, connections, id }) => [name, status, String(connections), id]),
    );
    process.stdout.write("\n");
    if (notShown.length > 0) {
        process.stdout.write(`Not shown without Docker:\n${notShown.map((what) => `  ${what}\n`).join("")}`);
    } else {
        printTable(
            ["SWARM SERVICE", "REPLICAS", "PUBLISHED PORTS"],
            services.map(({ name, replicas, publishedPorts }) => [
                name,
                `${replicas.running}/${replicas.desired}`,
                publishedPorts.join(", ") || "none",
            ]),
        );
    }
    process.stdout.write("\n");
    printRequests(hostnames);
    process.stdout.write(`Status page: ${emulator.statusPage}\n`);
}

import { Command } from "commander";
import { CommandError, Exit } from "../exit.ts";
import { Mistakes } from "../mistakes.ts";
import { printJson } from "../ui/table.ts";

interface Options {
    running: boolean;
    dockerHost?: string;
    zone?: string;
    project?: string;
    audience: string[];
    defaultAudience?: string;
    out?: string;
    json: boolean;
}

/** `sallyport swarm import FILE…`: from the labels of other tools to ours. */
export function importCommand(): Command {
    return new Command("import")
        .description(
            "turn DockFlare, traefik-cloudflare-companion, cloudflare-tunnel-sync and Traefik labels into labels of ours",
        )
        .argument("[files...]", "Compose and stack files")
        .option(
            "--running",
            "the services of the Swarm that runs, too, with the commands that give them their labels",
            false,
        )
        .option("--docker-host <address>", "Docker engine of --running")
        .option("--zone <domain>", "zone of the host names, where they do not tell it")
        .option("--project <name>", "name of the Docker stack, where it is not that of the file's folder")
        .option(
            "--audience <name=who>",
            "who is in an audience, such as staff=@example.com,ada@example.org",
            collected,
            [],
        )
        .option("--default-audience <name>", "audience of what says nothing of people, and stays shut otherwise")
        .option("--out <folder>", "write the files there; without it a patch is printed")
        .option("--json", "one JSON document with all that was found", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport swarm import compose.yaml --audience staff=@example.com --default-audience staff --out migrated",
        )
        .action(async (files: string[], options: Options) => {
            const request = await requestOf(files, options);
            const { decisionsOf, importServices } = await import("../swarm/import/import.ts");
            const { findingLines, importJson, patchOf, writeFiles } = await import("../swarm/import/output.ts");
            const imported = importServices(request);
            if (options.out !== undefined) writeFiles(options.out, imported.files);
            if (options.json) printJson(importJson(imported));
            else if (options.out === undefined) process.stdout.write(patchOf(imported.files));
            for (const line of findingLines(imported.findings)) process.stderr.write(`${line}\n`);
            if (decisionsOf(imported).length > 0) process.exitCode = Exit.no;
        });
}

async function requestOf(files: string[], options: Options) {
    const { running, dockerHost, zone, project, defaultAudience, audience } = options;
    const { peopleFrom } = await import("../swarm/import/audiences.ts");
    const { commaList } = await import("../swarm/import/source.ts");
    const mistakes = new Mistakes();
    if (files.length === 0 && !running) mistakes.add("files", "are missing. Name a Compose file, or add --running.");
    const declared = new Map(
        audience.map((text) => {
            const [, name = "", who = ""] = /^([^=]+)=(.*)$/.exec(text) ?? [];
            if (commaList(who).length === 0) {
                mistakes.add(
                    "--audience",
                    `${JSON.stringify(text)} names nobody. Write one such as staff=@example.com.`,
                );
            }
            return [name, peopleFrom(commaList(who))] as const;
        }),
    );
    if (defaultAudience !== undefined && !declared.has(defaultAudience)) {
        mistakes.add("--default-audience", `"${defaultAudience}" is not declared. Say who is in it with --audience.`);
    }
    mistakes.throwIfAny();
    const services = running ? await servicesOf(dockerHost) : [];
    return { files, running: services, zone, project, declared, fallback: defaultAudience, environment: process.env };
}

async function servicesOf(host: string | undefined) {
    const { connect } = await import("../../toolchain/docker/index.ts");
    const { runningServices } = await import("../swarm/import/running.ts");
    const connection = await connect(host === undefined ? {} : { host });
    if (connection.state !== "running") {
        throw new CommandError(Exit.failed, `Docker is ${connection.state}`, "run `npx sallyport doctor`");
    }
    return runningServices(connection.docker);
}

function collected(value: string, before: string[]): string[] {
    return [...before, value];
}

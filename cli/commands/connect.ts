import { Command, Option } from "commander";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import type { Catalogue } from "../connect/catalogue.ts";
import type { Connection } from "../connect/connect.ts";
import type { ForwardEvent } from "../connect/forward.ts";
import { settledCount } from "../connect/settledCount.ts";
import { endAsked } from "../endAsked.ts";
import { CommandError, Exit } from "../exit.ts";
import { Mistakes } from "../mistakes.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson, printTable } from "../ui/table.ts";
import { localPort } from "./values.ts";

const PRINTED = ["connection-string", "ssh-config", "compose"] as const;
type Printed = (typeof PRINTED)[number];

interface Options {
    stack?: string;
    catalogue?: string;
    local: Map<string, number>;
    serviceToken?: string;
    print?: Printed;
    writeCatalogue: boolean;
    json: boolean;
}

/** `sallyport connect NAME…`: local ports that lead to databases, SSH servers and the like behind Access. */
export function connectCommand(): Command {
    return new Command("connect")
        .description("open local ports to databases, SSH servers and other TCP services behind Access")
        .argument("[names...]", "apps of the stack or catalogue, or public hostnames")
        .option("--stack <stack>", "stack whose apps these are; local where omitted, none for public hostnames")
        .option("--catalogue <file>", "take the apps from this file, in place of a stack")
        .option("--local <name=port>", "local port of an app; may be given several times", localPort, new Map())
        .option(
            "--service-token <file>",
            'file with {"clientId", "clientSecret"}, mode 600; CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET, or else a login, where omitted',
        )
        .addOption(new Option("--print <what>", "print this, and open nothing").choices(PRINTED))
        .option("--write-catalogue", "print the stack's catalogue, for people without the stack file", false)
        .option("--json", "one JSON document on stdout once all ports are open", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport connect orders-db cache --stack staging --local cache=6380\n  psql postgresql://USER@127.0.0.1:5432/orders",
        )
        .action(run);
}

async function run(names: string[], options: Options): Promise<void> {
    if (names.length === 0 && !options.writeCatalogue) {
        throw new CommandError(Exit.usage, "no app is named", "write at least one: sallyport connect NAME");
    }
    const catalogue = await catalogueOf(names, options);
    if (options.writeCatalogue) {
        printJson(catalogue);
        return;
    }
    if (options.print !== undefined) {
        await print(names, options, catalogue, options.print);
        return;
    }
    const { connectApps } = await import("../connect/connect.ts");
    await using opened = await connectApps({
        names,
        localPorts: options.local,
        catalogue,
        tokenFile: options.serviceToken,
        environment: process.env,
        progress: stderrProgress(),
        onEvent: teller(),
    });
    announce(opened.connections, options.json);
    process.stderr.write("Ctrl-C closes the ports.\n");
    await endAsked();
}

async function catalogueOf(names: string[], { stack, catalogue }: Options): Promise<Catalogue> {
    if (catalogue !== undefined) {
        const { readCatalogue } = await import("../connect/catalogue.ts");
        return readCatalogue(catalogue);
    }
    if (stack === undefined && names.length > 0 && names.every(isPublicHostname)) {
        return { version: 1, apps: [] };
    }
    const { catalogueOfStack } = await import("../connect/environment.ts");
    return catalogueOfStack(stack ?? LOCAL_STACK);
}

async function print(names: string[], { local }: Options, catalogue: Catalogue, what: Printed): Promise<void> {
    const { wantedApps } = await import("../connect/request.ts");
    const { compose, connectionStrings, sshConfig } = await import("../connect/print.ts");
    const mistakes = new Mistakes();
    const apps = wantedApps(names, local, catalogue, mistakes);
    if (what !== "connection-string" && catalogue.edge !== undefined) {
        const only = "reaches Cloudflare's edge alone; use a local port of `sallyport connect`";
        mistakes.add(`--print ${what}`, only);
    }
    mistakes.throwIfAny();
    const texts: Record<Printed, () => string | Promise<string>> = {
        "connection-string": () => connectionStrings(apps, mistakes),
        compose: () => compose(apps, mistakes),
        "ssh-config": async () => {
            const { ensureTool } = await import("../../toolchain/ensureTool.ts");
            const { path } = await ensureTool("cloudflared", { progress: stderrProgress() });
            return sshConfig(apps, path, mistakes);
        },
    };
    const text = await texts[what]();
    mistakes.throwIfAny();
    process.stdout.write(text);
}

/** Names below `localhost` are the local environment's. */
function isPublicHostname(name: string): boolean {
    return name.includes(".") && !name.endsWith(".localhost");
}

function announce(connections: readonly Connection[], json: boolean): void {
    if (json) {
        printJson({ connections });
        return;
    }
    printTable(
        ["APP", "LOCAL", "CONNECT WITH"],
        connections.map(({ name, local, connectionString }) => [name, local, connectionString]),
    );
}

/** Tells on stderr what happens at each app's port. */
function teller(): (name: string, event: ForwardEvent) => void {
    const say = (name: string, event: ForwardEvent) => process.stderr.write(`${name}: ${wordsFor(event)}\n`);
    const counts = new Map<string, (count: number) => void>();
    return (name, event) => {
        if (event.kind !== "clients") {
            say(name, event);
            return;
        }
        const count = counts.get(name) ?? settledCount((settled) => say(name, { kind: "clients", count: settled }));
        counts.set(name, count);
        count(event.count);
    };
}

function wordsFor(event: ForwardEvent): string {
    switch (event.kind) {
        case "login":
            return `waiting for a login at ${event.url}`;
        case "clients":
            return event.count === 1 ? "1 client" : `${event.count} clients`;
        case "failed":
            return `no connection: ${event.error}`;
        case "restarting":
            return `cloudflared ended (${event.reason}); it starts again in ${event.afterMs / 1000} s`;
        case "rotated":
            return "new clients use the new service token";
    }
}

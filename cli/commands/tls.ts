import { readFileSync } from "node:fs";
import { Command } from "commander";
import { Exit } from "../exit.ts";
import { Mistakes } from "../mistakes.ts";
import { printJson, printTable } from "../ui/table.ts";

interface Options {
    ca?: string;
    servername?: string;
    connect?: string;
    json: boolean;
}

/** `sallyport tls check HOST`: what a TLS server takes and shows, in one table. */
export function tlsCommand(): Command {
    const check = new Command("check")
        .description(
            "versions, suites, chain, names, expiry, HSTS and redirect of a TLS server; exit 1 where one is weak",
        )
        .argument("<host>", "host name or address, with a port where it is not 443: app.example.com:8443")
        .option("--ca <file>", "authorities that verify it, PEM; this machine's own where omitted")
        .option("--servername <name>", "name to ask for, where it is not the host")
        .option("--connect <address>", "address to connect to, where it is not the host: 127.0.0.1:8443")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport tls check elab.internal --ca rootCA.pem --connect 10.0.0.5")
        .action(run);
    return new Command("tls").description("look at TLS servers").addCommand(check);
}

async function run(host: string, { ca, servername, connect, json }: Options): Promise<void> {
    const { checkTls } = await import("../tls/check.ts");
    const { hostAndPort, readAuthorities } = await import("../tls/target.ts");
    const mistakes = new Mistakes();
    const named = hostAndPort("HOST", host, mistakes);
    const reached = connect === undefined ? named : hostAndPort("--connect", connect, mistakes);
    const caPem =
        ca === undefined ? undefined : readAuthorities("--ca", ca, mistakes, (file) => readFileSync(file, "utf8"));
    mistakes.throwIfAny();

    const port = reached.port ?? named.port ?? 443;
    const target = { address: reached.host, port, serverName: servername ?? named.host, caPem };
    const report = await checkTls(target, port === 443 ? { plainPort: 80 } : {});
    if (json) {
        printJson(report);
    } else {
        const { tlsRows } = await import("../tls/rows.ts");
        printTable(["", "CHECK", "SEEN"], tlsRows(report));
    }
    if (!report.ok) {
        process.exitCode = Exit.no;
    }
}

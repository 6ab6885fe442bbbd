import { Command } from "commander";
import { Exit } from "../exit.ts";
import type { ReflectArguments } from "../join/request.ts";
import { Mistakes } from "../mistakes.ts";
import { projectDir } from "../project.ts";
import { printJson, printTable } from "../ui/table.ts";
import { collect, portNumber } from "./values.ts";

interface CheckFlags {
    node?: string;
    reflector: string[];
    listenPort: number;
    json: boolean;
}

/** `sallyport join`: what a machine needs to become a node of a federation. */
export function joinCommand(): Command {
    const check = new Command("check")
        .description(
            "whether this machine can join a federation: addresses, NAT, ports, packet size, clock, names, kernel; exit 1 where it cannot",
        )
        .argument("<federation>", "the federation's file, YAML or JSON, or a stack that has it at sallyport:federation")
        .option("--node <name>", "which node this machine is; told by its addresses where omitted")
        .option(
            "--reflector <address:port>",
            "a peer that runs `sallyport join reflect`; may be given several times",
            collect,
            [],
        )
        .option("--listen-port <port>", "UDP port at which WireGuard is to be found", portNumber, 51_820)
        .option("--json", "one JSON document", false)
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport join check federation.yaml --node b1 --reflector [2001:db8:a::1]:51821",
        )
        .action(runCheck);
    const reflect = new Command("reflect")
        .description("tell machines that want to join how they are seen from here, over UDP, for a while")
        .requiredOption("--address <address>", "address of this machine at which they ask")
        .requiredOption("--from <range>", "who is answered, nobody else; may be given several times", collect, [])
        .option("--port <port>", "first of two ports", portNumber, 51_821)
        .option("--for <duration>", "how long: 90s, 10m, 2h", "10m")
        .addHelpText("after", "\nExample:\n  npx sallyport join reflect --address 2001:db8:a::1 --from 2001:db8:b::/48")
        .action(runReflect);
    return new Command("join").description("become a node of a federation").addCommand(check).addCommand(reflect);
}

async function runCheck(source: string, { node, reflector, listenPort, json }: CheckFlags): Promise<void> {
    const { readFederation } = await import("../../stacks/config/federation/read.ts");
    const { checkJoin } = await import("../join/check.ts");
    const { thisNode } = await import("../join/node.ts");
    const { reflectorTargets } = await import("../join/request.ts");
    const mistakes = new Mistakes();
    const reflectors = reflectorTargets(reflector, mistakes);
    mistakes.throwIfAny();
    const federation = readFederation(projectDir, source);
    const report = await checkJoin(federation, thisNode(federation, node), { reflectors, listenPort });
    if (json) {
        printJson(report);
    } else {
        const { joinRows } = await import("../join/rows.ts");
        printTable(["", "CHECK", "SEEN"], joinRows(report));
    }
    if (!report.ok) process.exitCode = Exit.no;
}

async function runReflect(flags: ReflectArguments): Promise<void> {
    const { reflectRequest } = await import("../join/request.ts");
    const { runReflector } = await import("../join/reflect.ts");
    const mistakes = new Mistakes();
    const { forMs, ...options } = reflectRequest(flags, mistakes);
    mistakes.throwIfAny();
    await runReflector(options, forMs);
}

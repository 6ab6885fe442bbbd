import type { Command } from "commander";
import { auditCommand } from "./commands/audit.ts";
import { caCommand } from "./commands/ca.ts";
import { connectCommand } from "./commands/connect.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { emulatorCommand } from "./commands/emulator.ts";
import { initCommand } from "./commands/init.ts";
import { joinCommand } from "./commands/join.ts";
import { kubeCommand } from "./commands/kube.ts";
import { localCommand } from "./commands/local.ts";
import { mapCommand } from "./commands/map.ts";
import { pinCommand } from "./commands/pin.ts";
import { previewCommand } from "./commands/preview.ts";
import { reachCommand, whoCanReachCommand } from "./commands/reach.ts";
import { recoverCommand } from "./commands/recover.ts";
import { rotateCommand } from "./commands/rotate.ts";
import { shareCommand } from "./commands/share.ts";
import { swarmCommand } from "./commands/swarm.ts";
import { tlsCommand } from "./commands/tls.ts";
import type { Exit } from "./exit.ts";
import { runProgram } from "./program.ts";

/** Every command, in the order in which help shows them. */
export function commands(): Command[] {
    return [
        initCommand(),
        localCommand(),
        previewCommand(),
        mapCommand(),
        reachCommand(),
        whoCanReachCommand(),
        auditCommand(),
        driftCommand(),
        rotateCommand(),
        pinCommand(),
        recoverCommand(),
        connectCommand(),
        shareCommand(),
        swarmCommand(),
        kubeCommand(),
        caCommand(),
        joinCommand(),
        tlsCommand(),
        doctorCommand(),
        emulatorCommand(),
    ];
}

/** Runs the command line; the result is the process's exit code. */
export function main(args: string[]): Promise<Exit> {
    return runProgram(args, commands(), "\nExample:\n  npx sallyport preview staging --offline");
}

import { caCommand } from "../cli/commands/ca.ts";
import { connectCommand } from "../cli/commands/connect.ts";
import { joinCommand } from "../cli/commands/join.ts";
import { kubeCommand } from "../cli/commands/kube.ts";
import { tlsCommand } from "../cli/commands/tls.ts";
import { runProgram } from "../cli/program.ts";

/** The commands of a laptop: those that need no project, no engine and no Docker. */
const commands = [connectCommand(), kubeCommand(), caCommand(), tlsCommand(), joinCommand()];

const after = `
Example:
  sallyport kube connect orders --catalogue clusters.json

All other commands need the project: npx sallyport --help.`;

// A bundle is CommonJS, which waits for nothing at its top.
void runProgram(process.argv.slice(2), commands, after).then((code) => {
    process.exitCode = code;
});

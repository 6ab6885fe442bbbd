#!/usr/bin/env node
// Runs the command line with a Node that strips types itself. Plain JavaScript, because an older Node starts it.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const NEEDED = 24;
if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
    const { main } = await import("./main.ts");
    process.exitCode = await main(process.argv.slice(2));
} else {
    const bundled = nodeOfProject();
    if (bundled === undefined) {
        process.stderr.write(
            `sallyport needs Node ${NEEDED} or later, this is ${process.version}; run \`npm ci\` in the project, or \`npm install --save-dev node@${NEEDED}\` where that does not bring it.\n`,
        );
        process.exit(3);
    }
    const child = spawn(bundled, [import.meta.filename ?? process.argv[1], ...process.argv.slice(2)], {
        stdio: "inherit",
    });
    // A terminal sends Ctrl-C to both; what is sent to this process alone goes on to the one that does the work, and can be put in order there.
    process.on("SIGINT", () => {});
    for (const signal of ["SIGTERM", "SIGHUP"]) {
        process.on(signal, () => child.kill(signal));
    }
    child.on("exit", (code) => process.exit(code ?? 3));
}

/** The Node that npm's package of that name has put beside the other packages; undefined where there is none, or an older one. */
function nodeOfProject() {
    const require = createRequire(import.meta.filename ?? process.argv[1]);
    try {
        const isNewEnough = Number(require("node/package.json").version.split(".")[0]) >= NEEDED;
        return isNewEnough ? join(dirname(require.resolve("node/package.json")), "bin", "node") : undefined;
    } catch (error) {
        if (error.code === "MODULE_NOT_FOUND") return undefined;
        throw error;
    }
}

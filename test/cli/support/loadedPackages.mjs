// Loaded with --import: prints, as its last line on stderr, the packages that the process has loaded modules of.
import { registerHooks } from "node:module";

const packages = new Set();
registerHooks({
    load(url, context, next) {
        const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
        if (name !== undefined) packages.add(name);
        return next(url, context);
    },
});
process.on("exit", () => process.stderr.write(`\n${JSON.stringify([...packages])}\n`));

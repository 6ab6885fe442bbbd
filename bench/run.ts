/** Runs one bench, or all: `npm run bench -- preview`, `npm run bench`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const benches = ["preview", "apps", "policy", "edge", "swarm", "startup", "kube", "interconnect"];
const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
    process.stderr.write(`"${unknown.join(", ")}" is not a bench; write one of ${benches.join(", ")}\n`);
    process.exit(2);
}
for (const name of named.length > 0 ? named : benches) {
    process.stdout.write(`\n== ${name}\n`);
    const flags = args.filter((arg) => arg.startsWith("--"));
    const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...flags], {
        stdio: "inherit",
    });
    if (status !== 0) {
        process.exit(status ?? 1);
    }
}

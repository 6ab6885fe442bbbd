/** How long the command line takes to start, as one file and from the project: `npm run bench -- startup`. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBinary } from "../binary/build.ts";
import { projectDir } from "../cli/project.ts";
import { stderrProgress } from "../cli/ui/progress.ts";
import { report } from "./support/report.ts";
import { type Candidate, sideBySide } from "./support/sideBySide.ts";

const ROUNDS = 9;

const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-startup-"));
try {
    const binary = join(folder, "sallyport");
    await buildBinary(binary, stderrProgress());
    const catalogue = join(folder, "clusters.json");
    writeFileSync(catalogue, JSON.stringify({ version: 1, clusters: [] }));
    const env = { SALLYPORT_HOME: join(folder, "home"), XDG_CONFIG_HOME: join(folder, "config") };
    const commands = { "--help": ["--help"], "kube ls": ["kube", "ls", "--refresh", "--catalogue", catalogue] };
    const candidates = Object.entries(commands).flatMap(([name, args]): Candidate[] => [
        { name: `file ${name}`, command: binary, args, cwd: folder, env },
        {
            name: `project ${name}`,
            command: process.execPath,
            args: [join(projectDir, "cli", "bin.js"), ...args],
            cwd: folder,
            env,
        },
        { name: `node ${name}`, command: process.execPath, args: ["-e", "0"], cwd: folder, env },
    ]);
    const runs = await sideBySide(candidates, ROUNDS);
    const seconds = (name: string) => runs.get(name)?.seconds ?? Number.NaN;
    const memory = (name: string) => runs.get(name)?.largestMiB ?? Number.NaN;
    report([
        ...Object.keys(commands).flatMap((name) => [
            {
                what: `${name}: the single file against the project`,
                ours: seconds(`file ${name}`) * 1000,
                theirs: seconds(`project ${name}`) * 1000,
                unit: "ms",
                target: 0.75,
            },
            {
                what: `${name}: memory`,
                ours: memory(`file ${name}`),
                theirs: memory(`project ${name}`),
                unit: "MiB",
            },
            {
                what: `${name}: the single file against Node doing nothing`,
                ours: seconds(`file ${name}`) * 1000,
                theirs: seconds(`node ${name}`) * 1000,
                unit: "ms",
            },
        ]),
        {
            what: "size: the single file against Node alone",
            ours: statSync(binary).size / 2 ** 20,
            theirs: statSync(process.execPath).size / 2 ** 20,
            unit: "MiB",
        },
    ]);
} finally {
    rmSync(folder, { recursive: true });
}

/** A cold preview of staging against the same resources in Pulumi's default TypeScript template: `npm run bench -- preview`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../cli/project.ts";
import { benchEngine } from "./support/engine.ts";
import { report } from "./support/report.ts";
import { sideBySide } from "./support/sideBySide.ts";
import { installedTemplate } from "./support/template.ts";

using engine = await benchEngine();
const stackFile = readFileSync(join(projectDir, "Pulumi.staging.yaml"), "utf8");
const runs = await sideBySide(
    [
        await engine.preview({ name: "staging", program: projectDir, stack: "staging", stackFile }),
        await engine.preview({
            name: "template",
            program: await installedTemplate(),
            stack: "staging",
        }),
    ],
    5,
);
const nothing = { seconds: Number.NaN, largestMiB: Number.NaN, sumMiB: Number.NaN, processorSeconds: Number.NaN };
const { staging = nothing, template = nothing } = Object.fromEntries(runs);
report([
    { what: "preview of staging: time", ours: staging.seconds, theirs: template.seconds, unit: "s", target: 0.55 },
    {
        what: "preview of staging: largest process",
        ours: staging.largestMiB,
        theirs: template.largestMiB,
        unit: "MiB",
        target: 0.5,
    },
    { what: "preview of staging: all processes", ours: staging.sumMiB, theirs: template.sumMiB, unit: "MiB" },
]);

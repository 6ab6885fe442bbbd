import { z } from "zod";
import { rotationProblems } from "../../components/validation/index.ts";

/** A schedule by which a secret is replaced, as zod checks it: with the sentences of the components. */
export const rotation = z
    .strictObject({
        since: z.preprocess(asWritten, z.string()),
        every: z.string(),
        overlap: z.string().optional(),
        firstVersion: z.int().optional(),
    })
    .superRefine((schedule, context) => {
        for (const { path, reason } of rotationProblems(schedule)) {
            context.addIssue({ code: "custom", path: [path], message: reason });
        }
    });

/** An unquoted day in YAML is a time to the engine, which hands it over in Go's own form. */
function asWritten(since: unknown): unknown {
    return typeof since === "string" ? since.replace(/^(\S{10}) (\S{8}) \+0000 UTC$/, "$1T$2Z") : since;
}

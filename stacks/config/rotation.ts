import { z } from "zod";
import { rotationProblems } from "../../components/validation/index.ts";

/** A schedule by which a secret is replaced, as zod checks it: with the sentences of the components. */
export const rotation = z
    .strictObject({
        since: z.string(),
        every: z.string(),
        overlap: z.string().optional(),
        firstVersion: z.int().optional(),
    })
    .superRefine((schedule, context) => {
        for (const { path, reason } of rotationProblems(schedule)) {
            context.addIssue({ code: "custom", path: [path], message: reason });
        }
    });

import { z } from "zod";
import type { MkcertCAArgs } from "../../components/index.ts";
import { generationProblems } from "../../components/proxy/mkcert/generations.ts";
import { rotation } from "./rotation.ts";

/** Which roots of the stack's authority are in use; omitted means the first, until somebody changes it. */
export type CaConfig = Pick<MkcertCAArgs, "generation" | "alsoTrust" | "rollOver">;

/** The same as zod checks it: with the sentences of the component. */
export const ca = z
    .strictObject({
        generation: z.int().optional(),
        alsoTrust: z.array(z.int()).optional(),
        rollOver: rotation.optional(),
    })
    .superRefine((value, context) => {
        for (const { path, reason } of generationProblems(value)) {
            context.addIssue({ code: "custom", path: [path], message: reason });
        }
    })
    .prefault({});

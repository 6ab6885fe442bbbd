import { z } from "zod";

/** Turns a `…Problem` function of the components into a zod check, so that YAML and TypeScript users read the same sentence. */
export function text(problem: (value: string) => string | undefined) {
    return z.string().superRefine((value, context) => {
        const reason = problem(value);
        if (reason !== undefined) {
            context.addIssue({ code: "custom", message: reason });
        }
    });
}

export function matching(pattern: RegExp, expectation: string) {
    return text((value) => (pattern.test(value) ? undefined : `"${value}" is not ${expectation}`));
}

/** Says what is wrong with the name of something that the stack declares, or nothing. */
export function identifierProblem(name: string): string | undefined {
    return /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)
        ? undefined
        : `"${name}" is not a name. Write 1 to 40 lower-case letters, digits and "-", such as "orders-db".`;
}

/** The name of something that the stack declares. */
export const identifier = text(identifierProblem);

/** Says what is wrong with the address of a Docker engine, or nothing. */
export function dockerHostProblem(host: string): string | undefined {
    return /^(unix|tcp|ssh|npipe):\/\/.+/.test(host)
        ? undefined
        : `"${host}" is not a Docker host. Write one such as "ssh://deploy@swarm.example.com" or "unix:///var/run/docker.sock".`;
}

/** Records the components' findings at their paths (`groups[0].oktaGroup`). */
export function addProblems(context: z.RefinementCtx, problems: readonly { path: string; reason: string }[]): void {
    for (const { path, reason } of problems) {
        const steps = path.split(/\.|\[(\d+)\]/).filter((step) => step !== undefined && step !== "");
        const keys = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
        context.addIssue({ code: "custom", path: keys, message: reason });
    }
}

import { z } from "zod";
import type { LabelledService } from "../../components/swarm/labelledService.ts";
import { type LabelRules, LabelScheme } from "../../components/swarm/labelRules.ts";
import { ConfigError } from "./configError.ts";
import { namedMiddlewares } from "./middlewares.ts";

/** What the small stack of one labelled service is told beside the environment that it belongs to. */
export interface ExposureConfig {
    /** Name of the stack whose rules and audiences hold, such as `staging`. */
    owner: string;
    /** The service, with Sallyport's labels alone. */
    service: LabelledService;
    rules: LabelRules;
    /** Ids of the owner's Access policies by name of the audience. */
    policyIds: Record<string, string[]>;
    /** What all this comes to in a few characters; the same revision is the same exposure. */
    revision: string;
    /** The owner's authority for TLS origins, in PEM; omitted means that it has none. */
    originCa?: string | undefined;
}

const text = z.string().min(1);
const strings = z.array(text);

const network = z.strictObject({
    id: text,
    name: text,
    driver: text,
    internal: z.boolean(),
    ingress: z.boolean(),
});

const exposure = z.strictObject({
    owner: text,
    service: z.strictObject({
        id: text,
        name: text,
        labels: z.record(z.string(), z.string()),
        networks: z.array(network),
        createdAt: text,
    }),
    rules: z.strictObject({
        zone: text,
        hostnames: strings,
        audiences: z.array(z.strictObject({ name: text, sessionDuration: text.exactOptional() })),
        services: strings.exactOptional(),
        schemes: z.array(z.enum(LabelScheme)).exactOptional(),
        ports: z.array(z.number()).exactOptional(),
        maxSession: text.exactOptional(),
        middlewares: namedMiddlewares.exactOptional(),
        reservedHostnames: strings.exactOptional(),
    }),
    policyIds: z.record(z.string(), strings),
    revision: text,
    originCa: text.optional(),
});

/**
 * Checks the form of `sallyport:exposure`, which a program writes and no person; what it means is the component's to judge.
 *
 * @throws ConfigError with every value that is of another form.
 */
export function parseExposure(value: unknown, file: string): ExposureConfig {
    const parsed = exposure.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new ConfigError(
        file,
        parsed.error.issues.map(({ path, message }) => ({
            path: ["sallyport:exposure", ...path].map(String).join("."),
            reason: `${message}. Let \`sallyport swarm\` write this file.`,
        })),
    );
}

import { z } from "zod";
import { type LabelRules, LabelScheme } from "../../components/swarm/labelRules.ts";
import { labelRulesProblems } from "../../components/swarm/rulesValidation.ts";
import type { ClusterConfig } from "./clusters.ts";
import type { ConfigIssue } from "./configError.ts";
import type { AppConfig, AudienceConfig } from "./environment.ts";
import { type MiddlewaresConfig, middlewares, middlewaresOf } from "./middlewares.ts";
import { undeclaredAudience } from "./undeclared.ts";

/** What labels of Swarm services may ask for, as the stack's owner declares it. */
export interface SwarmConfig {
    /** Host names and patterns, such as `*-dev.example.com`. */
    hostnames: string[];
    /** Names of audiences that the stack declares. */
    audiences: string[];
    /** Names and patterns of the services whose labels count; every service if omitted. */
    services?: string[] | undefined;
    /** How services may be spoken to; `http` alone if omitted. */
    schemes?: LabelScheme[] | undefined;
    /** Ports that labels may name; every port of the service if omitted. */
    ports?: number[] | undefined;
    /** Longest session, Go duration; a day if omitted. */
    maxSession?: string | undefined;
    /** What requests may be sent through before a service, by the name that labels choose it by; nothing if omitted. */
    middlewares?: MiddlewaresConfig | undefined;
    /** Whether the services are a part of this very stack, instead of one small stack each; omitted means that they are not. */
    inStack: boolean;
}

/** The same as zod checks it; what depends on the rest of the stack file is checked by {@link swarmIssues}. */
export const swarm = z
    .strictObject({
        hostnames: z.array(z.string()),
        audiences: z.array(z.string()),
        services: z.array(z.string()).optional(),
        schemes: z.array(z.enum(LabelScheme, { error: unknownScheme })).optional(),
        ports: z.array(z.number()).optional(),
        maxSession: z.string().optional(),
        middlewares: middlewares.optional(),
        inStack: z.boolean().default(false),
    })
    .optional();

function unknownScheme(): string {
    return `is unknown. Write one of ${Object.values(LabelScheme).join(", ")}.`;
}

/** What the rules for labels are made from. */
interface Surroundings {
    zone: string;
    audiences: readonly Pick<AudienceConfig, "name" | "sessionDuration">[];
    /** What the stack itself publishes. */
    apps: readonly Pick<AppConfig, "hostname">[];
    clusters?: readonly Pick<ClusterConfig, "hostname">[];
}

/** What labels may ask for, with what the rest of the stack says of audiences and host names. */
export function labelRulesOf(config: SwarmConfig, { zone, audiences, apps, clusters = [] }: Surroundings): LabelRules {
    const { hostnames, services, schemes, ports, maxSession } = config;
    const offered = middlewaresOf(config.middlewares ?? {});
    const sessions = new Map(audiences.map(({ name, sessionDuration }) => [name, sessionDuration]));
    return {
        zone,
        hostnames,
        audiences: config.audiences.map((name) => {
            const sessionDuration = sessions.get(name);
            return sessionDuration === undefined ? { name } : { name, sessionDuration };
        }),
        ...(services === undefined ? {} : { services }),
        ...(schemes === undefined ? {} : { schemes }),
        ...(ports === undefined ? {} : { ports }),
        ...(maxSession === undefined ? {} : { maxSession }),
        ...(offered.length === 0 ? {} : { middlewares: offered }),
        reservedHostnames: [...new Set([...apps, ...clusters].map(({ hostname }) => hostname))],
    };
}

/** Every mistake in what labels may ask for, by path below it: `.audiences[0]`. */
export function swarmIssues(config: SwarmConfig, surroundings: Surroundings): ConfigIssue[] {
    const declared = surroundings.audiences.map(({ name }) => name);
    const undeclared = config.audiences.flatMap((name, index) =>
        declared.includes(name) ? [] : [{ path: `.audiences[${index}]`, reason: undeclaredAudience(name, declared) }],
    );
    const problems = labelRulesProblems(labelRulesOf(config, surroundings))
        // What is wrong with those is told where they are declared.
        .filter(({ path }) => !/^(zone|reservedHostnames|audiences\[\d+\]\.sessionDuration)/.test(path))
        .map(({ path, reason }) => ({ path: `.${path.replace(/\.name$/, "")}`, reason }));
    return [...undeclared, ...problems];
}

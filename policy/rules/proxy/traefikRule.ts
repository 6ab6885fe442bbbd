import type { Finding, ResourceRule } from "../../rule.ts";
import { TRAEFIK_RESOURCES, type TraefikSource, traefikSources } from "../../traefik/settings.ts";

type Metadata = Omit<ResourceRule, "type" | "judge">;

/** A rule on how Traefik is configured, wherever that is written: files, options, variables. */
export function traefikRule({
    judge,
    ...metadata
}: Metadata & { judge(source: TraefikSource): readonly Finding[] }): ResourceRule {
    return { ...metadata, type: TRAEFIK_RESOURCES, judge: (resource) => traefikSources(resource).flatMap(judge) };
}

import type { TraefikSource } from "../../traefik/settings.ts";
import { traefikRule } from "./traefikRule.ts";

/** Providers that make routes of what runs, with `exposedByDefault`, which is true unless it is written (…/install-configuration/providers). */
const PROVIDERS = ["docker", "swarm", "consulcatalog", "nomad", "ecs"];

/** A container that nobody meant to publish gets a route by its name as soon as it runs. Leaving the option out counts. */
export const traefikExposesWhatAsks = traefikRule({
    name: "traefik-exposes-only-what-asks",
    description: "Traefik makes a route for a container only where the container's labels ask for one.",
    severity: "high",
    remediationSteps:
        "Set `exposedByDefault` of each provider to false, and `traefik.enable=true` on the containers that are meant.",
    judge: (source) =>
        PROVIDERS.filter((provider) => isOn(source, provider)).flatMap((provider) => {
            const option = `providers.${provider}.exposedbydefault`;
            const written = source.settings.filter((setting) => setting.option === option).map(({ value }) => value);
            if (written.length === 0 && source.partial) return [];
            if (written.some((value) => /^(0|f|false)$/i.test(value))) return [];
            const how = written.length === 0 ? "leaves `exposedByDefault` on" : "switches `exposedByDefault` on";
            return [
                {
                    wrong: `${source.subject} ${how} for the provider \`${provider}\`: whatever runs gets a route.`,
                    instead: `Set \`providers.${provider}.exposedByDefault\` to false.`,
                },
            ];
        }),
});

function isOn({ settings }: TraefikSource, provider: string): boolean {
    const section = `providers.${provider}`;
    return settings.some(
        ({ option, value }) =>
            option.startsWith(`${section}.`) || (option === section && !/^(0|f|false)$/i.test(value)),
    );
}

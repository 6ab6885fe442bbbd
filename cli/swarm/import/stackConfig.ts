import { stringify } from "yaml";
import { ConfigError } from "../../../stacks/config/configError.ts";
import { parseEnvironment } from "../../../stacks/config/parse.ts";
import { exposuresOf, type LabelledService, labelRulesOf, type RefusedService } from "../../../stacks/labels.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Audiences } from "./audiences.ts";
import { longestOf } from "./sessions.ts";
import type { SourceService } from "./source.ts";
import { sessionOf, type TranslatedService } from "./translate.ts";

/** Keys of a stack file, as they stand below `config`. */
export interface StackKeys {
    "sallyport:zone": string;
    "sallyport:audiences": Record<string, object>;
    "sallyport:swarm": Record<string, unknown>;
}

/** What the stack's owner has to declare for the labels to count, and no more than that: host names and services one by one. */
export function stackKeys(zone: string, exposed: readonly TranslatedService[], audiences: Audiences): StackKeys {
    const names = sorted(exposed.flatMap((one) => one.audiences));
    const schemes = sorted(exposed.flatMap((one) => one.schemes));
    const sessions = exposed.flatMap(({ service, routes }) => routes.map(({ session }) => sessionOf(service, session)));
    return {
        "sallyport:zone": zone,
        "sallyport:audiences": Object.fromEntries(names.map((name) => [name, audiences.people(name)])),
        "sallyport:swarm": {
            hostnames: sorted(exposed.flatMap(({ hostnames }) => hostnames)),
            audiences: names,
            services: sorted(exposed.map(({ service }) => service.swarmName)),
            ...(schemes.some((scheme) => scheme !== "http") ? { schemes } : {}),
            ports: [...new Set(exposed.flatMap(({ ports }) => ports))].toSorted((a, b) => a - b),
            maxSession: longestOf(sessions),
        },
    };
}

/** The keys as a file to be copied from. */
export function stackFileText(keys: StackKeys): string {
    return [
        "# What `sallyport swarm import` read. Put these keys into the file of the stack (Pulumi.<stack>.yaml), which declares account and team.",
        "# Labels can claim these host names and audiences and nothing else.",
        stringify({ config: keys }, { lineWidth: 0 }),
    ].join("\n");
}

/**
 * What the labels come to under these keys, as `sallyport swarm` will read them.
 *
 * @returns the services that are refused.
 * @throws CommandError when the keys themselves are wrong, such as an address of nobody.
 */
export function judge(keys: StackKeys, exposed: readonly TranslatedService[]): RefusedService[] {
    const values = Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key.replace("sallyport:", ""), value]),
    );
    try {
        const { swarm, zone, apps, audiences } = parseEnvironment({
            stack: "imported",
            file: "the stack configuration",
            // Account and team are none that an import knows; their form is all that is checked.
            values: { accountId: "0".repeat(32), team: "imported", ...values, apps: [] },
            projectDir: ".",
        });
        if (swarm === undefined) return [];
        const rules = labelRulesOf(swarm, { zone: zone.name, apps, audiences });
        return exposuresOf(exposed.map(labelledService), rules).refused;
    } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        throw new CommandError(Exit.usage, error.message, "correct the source, or what --zone and --audience say");
    }
}

/** The service as the Swarm will tell it. */
export function labelledService({ service, labels }: TranslatedService): LabelledService {
    const filledIn = Object.entries(labels).map(([name, value]) => [name, service.resolve(value) ?? value]);
    return {
        id: service.swarmName,
        name: service.swarmName,
        labels: Object.fromEntries(filledIn),
        networks: service.networks.map((name) => network(name)),
        // None is there yet, so none is older than another.
        createdAt: new Date(0).toISOString(),
    };
}

/** Networks of a stack are overlays unless they say otherwise, which the Swarm itself refuses for services. */
function network(name: string): LabelledService["networks"][number] {
    return { id: name, name, driver: "overlay", internal: false, ingress: false };
}

export function isOf({ swarmName }: SourceService, { serviceName }: RefusedService): boolean {
    return swarmName === serviceName;
}

function sorted(names: readonly string[]): string[] {
    return [...new Set(names)].toSorted();
}

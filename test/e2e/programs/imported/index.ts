/** What was imported from labels of other tools: the audiences and the labelled services of each file, as a stack would declare them. */
import { readFileSync } from "node:fs";
import { Provider } from "@pulumi/cloudflare/provider.js";
import { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import { AccessAudience, type LabelledService, SwarmDiscovery } from "../../../../components/index.ts";
import { parseEnvironment } from "../../../../stacks/config/parse.ts";
import { labelRulesOf } from "../../../../stacks/config/swarm.ts";

interface Imported {
    name: string;
    values: Record<string, unknown>;
    services: LabelledService[];
}

const providers = [new Provider("cloudflare", {}), new DockerProvider("docker", {})];
const zoneId = "fedcba9876543210fedcba9876543210";

const all: Imported[] = JSON.parse(readFileSync(process.env.IMPORTED ?? "", "utf8"));
export const refused = all.map(({ name, values, services }) => {
    const { accountId, team, zone, swarm, apps, audiences } = parseEnvironment({
        stack: "imported",
        file: name,
        values: { accountId: "0123456789abcdef0123456789abcdef", team: "example", ...values },
        projectDir: ".",
    });
    if (swarm === undefined) throw new Error(`${name} declares nothing for labels`);
    const policyIds = audiences.map(({ name: audience, emails, emailDomains, ipRanges, exclude }) => {
        const people = {
            emails,
            emailDomains,
            ipRanges,
            ...(exclude?.emails && { exclude: { emails: exclude.emails } }),
        };
        const made = new AccessAudience(`${name}-${audience}`, { accountId, ...people }, { providers });
        return [audience, made.policyIds] as const;
    });
    const discovery = new SwarmDiscovery(
        name,
        {
            accountId,
            zoneId,
            team,
            owner: name.slice(0, 24),
            services,
            rules: labelRulesOf(swarm, { zone: zone.name, apps, audiences }),
            policyIds: Object.fromEntries(policyIds),
        },
        { providers },
    );
    return discovery.refused;
});

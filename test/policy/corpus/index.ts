import { awsFirewalls } from "./aws.ts";
import { awsServices } from "./awsServices.ts";
import { azureFirewalls } from "./azure.ts";
import { cloudflare } from "./cloudflare.ts";
import { docker } from "./docker.ts";
import { googleFirewalls } from "./google.ts";
import { hosterServices } from "./hosterServices.ts";
import { hosterFirewalls } from "./hosters.ts";
import { kubernetes } from "./kubernetes.ts";
import { otherClouds } from "./otherClouds.ts";
import { type CorpusResource, neighbours, type Specimen } from "./specimen.ts";

const specimens: Readonly<Record<string, readonly Specimen[]>> = {
    "aws-firewall": awsFirewalls,
    "google-firewall": googleFirewalls,
    "azure-firewall": azureFirewalls,
    "hoster-firewall": hosterFirewalls,
    docker,
    kubernetes,
    cloudflare,
    aws: awsServices,
    cloud: otherClouds,
    hoster: hosterServices,
};

/** A resource that opens a way in, with the rule that has to find it. */
export interface Exposure extends CorpusResource {
    readonly rule: string;
}

const numbered = Object.entries(specimens).flatMap(([group, members]) =>
    members.map((specimen, index) => ({ specimen, name: `${group}-${index + 1}` })),
);

/** Everything that the pack has to find. */
export const exposures: readonly Exposure[] = numbered.map(({ specimen, name }) => ({ ...specimen, name }));

/** Neighbours of the exposures, each safe by one change: the pack has to leave them alone. */
export const safe: readonly CorpusResource[] = numbered.flatMap(({ specimen, name }) => neighbours(specimen, name));

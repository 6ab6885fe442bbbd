import { overlappingRanges } from "../../components/validation/index.ts";
import type { ConfigIssue } from "./configError.ts";
import type { Environment } from "./environment.ts";

/**
 * What a stack claims although another stack of its account has it: names in the zone, names of tunnels, addresses in the account's default virtual
 * network. The API would refuse whichever comes second, in the middle of an update.
 */
export function claimIssues(environment: Environment, others: readonly Environment[]): ConfigIssue[] {
    return others.flatMap((other) => [
        ...(other.zone.name === environment.zone.name ? hostnameIssues(environment, other) : []),
        ...tunnelIssues(environment, other),
        ...rangeIssues(environment, other),
    ]);
}

function hostnameIssues({ apps, clusters }: Environment, other: Environment): ConfigIssue[] {
    const taken = new Set([...other.apps, ...other.clusters].map(({ hostname }) => hostname));
    return Object.entries({ apps, clusters }).flatMap(([key, list]) =>
        list.flatMap(({ hostname }, index) =>
            taken.has(hostname)
                ? [
                      {
                          path: `sallyport:${key}[${index}].hostname`,
                          reason: `"${hostname}" is already served by the stack "${other.stack}". Write another name, or remove it there.`,
                      },
                  ]
                : [],
        ),
    );
}

function tunnelIssues({ tunnel }: Environment, other: Environment): ConfigIssue[] {
    if (tunnel.name !== other.tunnel.name) return [];
    const reason = `"${tunnel.name}" is already the tunnel of the stack "${other.stack}". Write another name, or leave the key out.`;
    return [{ path: "sallyport:tunnel.name", reason }];
}

function rangeIssues(environment: Environment, other: Environment): ConfigIssue[] {
    const own = sharedRanges(environment);
    const theirs = sharedRanges(other);
    const all = [...theirs, ...own].map(({ range }) => range);
    return overlappingRanges(all).flatMap(({ index, first }) => {
        const [mine, taken] = [own[index - theirs.length], theirs[first]];
        if (mine === undefined || taken === undefined) return [];
        const reason = `"${mine.range}" overlaps "${taken.range}" of the stack "${other.stack}". Write each address once in the account, or set ownVirtualNetwork.`;
        return [{ path: `sallyport:${mine.path}`, reason }];
    });
}

/** Ranges in the account's default virtual network, each with where it is written. */
function sharedRanges({ privateNetworks }: Environment): { range: string; path: string }[] {
    return privateNetworks.flatMap(({ networks = [], ownVirtualNetwork = false }, index) =>
        ownVirtualNetwork
            ? []
            : networks.map((range, position) => ({ range, path: `privateNetworks[${index}].networks[${position}]` })),
    );
}

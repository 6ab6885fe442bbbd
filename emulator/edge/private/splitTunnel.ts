import type { DirectoryProfile, SplitTunnel } from "../../privateNetworkDirectory.ts";
import { isWithin } from "../access/policy/addresses.ts";
import { Truth } from "../access/policy/truth.ts";
import { evaluateText, type Facts, type ListValues } from "./gateway/evaluate.ts";
import { isNamed } from "./routing.ts";

/** Where something is going: its address, and the name that led there if one did. */
export interface Heading {
    readonly address: string;
    readonly hostname?: string | undefined;
}

/**
 * Why a device's client would not send this into the private network; undefined where it would. The first profile that matches holds; where it
 * cannot be known whether it does, nothing is sent.
 *
 * @param profiles in the order in which they are tried.
 */
export function exclusion(
    { address, hostname }: Heading,
    profiles: readonly DirectoryProfile[],
    facts: Facts,
    lists: ListValues,
): string | undefined {
    for (const { name, match, include, exclude } of profiles) {
        const truth = match === undefined ? Truth.True : evaluateText(match, facts, lists);
        if (truth === Truth.Unknown) {
            return `device profile "${name}": it cannot be known here whether it is the device's`;
        }
        if (truth === Truth.False) {
            continue;
        }
        const isListed = (entry: SplitTunnel): boolean =>
            (entry.address !== undefined && isWithin(address, entry.address)) ||
            (entry.host !== undefined && hostname !== undefined && isNamed(hostname, entry.host));
        if (include.length > 0) {
            return include.some(isListed) ? undefined : `device profile "${name}" does not include it`;
        }
        const out = exclude.find(isListed);
        return out && `device profile "${name}" excludes ${out.address ?? out.host}`;
    }
    return "no device profile is the device's";
}

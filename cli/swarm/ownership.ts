import { publisherOf } from "../../stacks/labels.ts";
import { askApi } from "../cloudflareApi.ts";
import type { Owner } from "./owner.ts";
import type { DnsRecord } from "./published.ts";

/** Types of records beside which a name takes no CNAME (developers.cloudflare.com, DNS record types). */
export const EXCLUSIVE_RECORDS: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

/**
 * What the zone has already under a host name that somebody else put there: another stack, another exposure, a person. It is never touched.
 *
 * @returns each record in words, with its type, content and comment, by which its owner is found.
 */
export async function foreignRecords(
    { api, zoneId, environment }: Owner,
    hostname: string,
    exposure: string,
): Promise<string[]> {
    const path = `/zones/${zoneId}/dns_records?name.exact=${encodeURIComponent(hostname)}&per_page=100`;
    const records = await askApi<DnsRecord[]>(api, path);
    return records
        .filter(({ type, comment }) => {
            const publisher = publisherOf(comment ?? "");
            const isOwn = publisher?.owner === environment.stack && publisher.exposure === exposure;
            return EXCLUSIVE_RECORDS.has(type) && !isOwn;
        })
        .map(({ type, content, comment }) => {
            const said =
                comment === null || comment === "" ? "without a comment" : `comment ${JSON.stringify(comment)}`;
            return `${type} ${content}, ${said}`;
        });
}

/** Says of each host name that is somebody else's whose it is. */
export async function foreignNames(
    owner: Owner,
    hostnames: readonly string[],
    exposure: string,
): Promise<{ path: string; reason: string }[]> {
    const found = await Promise.all(
        [...new Set(hostnames)].map(async (hostname) => ({
            hostname,
            records: await foreignRecords(owner, hostname, exposure),
        })),
    );
    return found
        .filter(({ records }) => records.length > 0)
        .map(({ hostname, records }) => ({
            path: "sallyport.hostname",
            reason: `${JSON.stringify(hostname)} belongs to somebody else in the zone (${records.join("; ")}). Write another host name, or have that record removed by its owner.`,
        }));
}

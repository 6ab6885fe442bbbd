import { type Publisher, publisherOf } from "../../stacks/labels.ts";
import { askApi } from "../cloudflareApi.ts";
import type { Owner } from "./owner.ts";

/** A record of the zone, as far as it is read here. */
export interface DnsRecord {
    name: string;
    type: string;
    content: string;
    comment: string | null;
}

/** A host name that labels of this stack's services published, as the zone tells it. */
export interface PublishedName extends Publisher {
    hostname: string;
}

const PER_PAGE = 1_000;

/** The host names that the stack's small stacks have published, whoever runs them: records come last, so a name that is there is complete. */
export async function publishedNames({ api, zoneId, environment: { stack } }: Owner): Promise<PublishedName[]> {
    const mark = encodeURIComponent(`Sallyport ${stack}/`);
    const names: PublishedName[] = [];
    for (let page = 1; ; page++) {
        const path = `/zones/${zoneId}/dns_records?comment.startswith=${mark}&per_page=${PER_PAGE}&page=${page}`;
        const records = await askApi<DnsRecord[]>(api, path);
        for (const { name, comment } of records) {
            const publisher = publisherOf(comment ?? "");
            if (publisher?.owner === stack) names.push({ hostname: name, ...publisher });
        }
        if (records.length < PER_PAGE) return names;
    }
}

import { createHash } from "node:crypto";

/** Characters of a service's name that stand readable in the names of what is made for it. */
const READABLE = 24;

/** Hexadecimal characters that tell services apart whose names read alike. */
const DIGEST = 10;

/**
 * The name of an exposure, by which everything that is made for a service is called: readable, at most 35 characters, and different for every
 * service. Two names can never be written so that they come out the same (`shop_web` and `shop-web` do not): the digest tells them apart.
 */
export function exposureName(serviceName: string): string {
    const readable = serviceName
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .slice(0, READABLE)
        .replace(/^-|-$/g, "");
    const digest = createHash("sha256").update(serviceName).digest("hex").slice(0, DIGEST);
    return readable === "" ? digest : `${readable}-${digest}`;
}

/** Who publishes a name, as the comment of its record says it. */
export interface Publisher {
    /** The stack whose rules and audiences hold. */
    owner: string;
    /** Name of the exposure, by which tunnel and connectors are called as well. */
    exposure: string;
    /** What the exposure was made from, where that is told. */
    revision?: string;
}

/** The words for a publisher in the comment of a record. */
export function publisherText({ owner, exposure, revision }: Publisher): string {
    return `Sallyport ${owner}/${exposure}${revision === undefined ? "" : ` ${revision}`}`;
}

/** Reads the publisher from the comment of a record; nothing where it is none of ours. */
export function publisherOf(comment: string): Publisher | undefined {
    const [, owner, exposure, revision] = /^Sallyport ([\w-]+)\/([a-z0-9-]+)(?: ([\w-]+))?, aud /.exec(comment) ?? [];
    if (owner === undefined || exposure === undefined) return undefined;
    return { owner, exposure, ...(revision === undefined ? {} : { revision }) };
}

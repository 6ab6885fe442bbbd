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

/** Characters that a record's comment has for its publisher. */
const PUBLISHER = 64;

/** Who publishes a name, for whoever else uses the zone: the stack and the exposure, by which tunnel and connectors are called as well. */
export function publisherOf(owner: string, exposure: string): string {
    return `Sallyport ${owner}/${exposure}`.slice(0, PUBLISHER);
}

/** Where the status page of a running edge is. Names below `localhost` lead to loopback without any set-up (RFC 6761, section 6.3). */
export const STATUS_HOSTNAME = "sallyport.cloudflare.localhost";

/** Domains of Cloudflare's own and of the emulator's sites, in which nobody has a zone. */
const RESERVED = ["cloudflare.localhost", "cloudflareaccess.localhost", "cloudflareaccess.com", "cloudflareaccess.org"];

/** Whether a zone of this name could hold a hostname of the emulator's own. */
export function isReservedZone(name: string): boolean {
    return RESERVED.some((domain) => `.${name.toLowerCase()}`.endsWith(`.${domain}`));
}

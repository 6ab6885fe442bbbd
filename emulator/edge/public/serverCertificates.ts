import { createSecureContext, type SecureContext } from "node:tls";
import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { CertificateAuthority } from "../certificates.ts";

/** Names that the edge answers for share a realm when one TLS connection may carry requests for both: a zone, or the emulator's own names. */
export type Realm = string;

const OWN_REALM: Realm = "own";

/**
 * The certificates of the public side, one per realm, made when first needed. As Cloudflare's Universal SSL, a zone's covers the
 * zone and one label below it (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations).
 */
export class ServerCertificates {
    readonly #authority: CertificateAuthority;
    readonly #hostnames: HostnameDirectory;
    readonly #ownNames: readonly string[];
    readonly #contexts = new Map<Realm, Promise<SecureContext>>();

    constructor(authority: CertificateAuthority, hostnames: HostnameDirectory, ownNames: readonly string[]) {
        this.#authority = authority;
        this.#hostnames = hostnames;
        this.#ownNames = ownNames;
    }

    /** The realm of a hostname in lower case; undefined for names that are none of ours. */
    realmOf(hostname: string): Realm | undefined {
        const zone = this.#hostnames.zoneOf(hostname);
        if (zone !== undefined) {
            return `zone ${zone}`;
        }
        return this.#ownNames.includes(hostname) ? OWN_REALM : undefined;
    }

    /** What a TLS connection under this name is served with; undefined for names without a certificate. */
    contextFor(serverName: string): Promise<SecureContext> | undefined {
        const zone = this.#hostnames.zoneOf(serverName);
        if (zone !== undefined) {
            const isCovered = serverName === zone || serverName.slice(0, -zone.length - 1).split(".").length === 1;
            return isCovered ? this.#context(`zone ${zone}`, [zone, `*.${zone}`]) : undefined;
        }
        const [first, ...others] = this.#ownNames;
        return first !== undefined && this.#ownNames.includes(serverName)
            ? this.#context(OWN_REALM, [first, ...others])
            : undefined;
    }

    #context(realm: Realm, names: readonly [string, ...string[]]): Promise<SecureContext> {
        let context = this.#contexts.get(realm);
        if (context === undefined) {
            context = this.#authority
                .issue(names)
                .then(({ certPem, privateKeyPem }) => createSecureContext({ cert: certPem, key: privateKeyPem }));
            this.#contexts.set(realm, context);
        }
        return context;
    }
}

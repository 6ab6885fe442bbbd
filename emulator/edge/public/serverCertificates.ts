import { createSecureContext, type SecureContext } from "node:tls";
import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { AccessGate } from "../accessGate.ts";
import type { CertificateAuthority, ServerCertificate } from "../certificates.ts";

/** Names that the edge answers for share a realm when one TLS connection may carry requests for both: a zone, or the emulator's own names. */
export type Realm = string;

const OWN_REALM: Realm = "own";
/** The name of an authority that there is none of (RFC 2606). */
const NO_AUTHORITY = "no-client-certificates.invalid";

type AsksForCertificate = NonNullable<AccessGate["asksForCertificate"]>;

/**
 * The certificates of the public side, one per realm, made when first needed. As Cloudflare's Universal SSL, a zone's covers the
 * zone and one label below it (developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations).
 */
export class ServerCertificates {
    readonly #authority: CertificateAuthority;
    readonly #hostnames: HostnameDirectory;
    readonly #ownNames: readonly string[];
    readonly #asks: AsksForCertificate | undefined;
    readonly #issued = new Map<Realm, Promise<ServerCertificate>>();
    readonly #contexts = new Map<string, Promise<SecureContext>>();

    constructor(
        authority: CertificateAuthority,
        hostnames: HostnameDirectory,
        ownNames: readonly string[],
        asks?: AsksForCertificate,
    ) {
        this.#authority = authority;
        this.#hostnames = hostnames;
        this.#ownNames = ownNames;
        this.#asks = asks;
    }

    /** Whether clients are asked for a certificate at all. */
    get asksClients(): boolean {
        return this.#asks !== undefined;
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
            return isCovered ? this.#context(serverName, `zone ${zone}`, [zone, `*.${zone}`]) : undefined;
        }
        const [first, ...others] = this.#ownNames;
        return first !== undefined && this.#ownNames.includes(serverName)
            ? this.#context(serverName, OWN_REALM, [first, ...others])
            : undefined;
    }

    #context(serverName: string, realm: Realm, names: readonly [string, ...string[]]): Promise<SecureContext> {
        const wantsCertificates = this.#asks?.(serverName) ?? false;
        const key = `${realm}, ${wantsCertificates ? "with" : "without"} client certificates`;
        const context = this.#contexts.get(key) ?? this.#newContext(realm, names, wantsCertificates);
        this.#contexts.set(key, context);
        return context;
    }

    async #newContext(
        realm: Realm,
        names: readonly [string, ...string[]],
        wantsCertificates: boolean,
    ): Promise<SecureContext> {
        const { certPem, privateKeyPem } = await this.#certificate(realm, names);
        return createSecureContext({
            cert: certPem,
            key: privateKeyPem,
            // The handshake asks every client for a certificate, of the authorities named here: of any where one is wanted, and
            // elsewhere of one that issues none, so that no browser offers its user any. None is trusted by this: Access checks the
            // chain, and Node gives the chain only of a certificate that OpenSSL did not trust by itself.
            ca: wantsCertificates ? [] : [(await this.#certificate(NO_AUTHORITY, [NO_AUTHORITY])).certPem],
        });
    }

    #certificate(realm: Realm, names: readonly [string, ...string[]]): Promise<ServerCertificate> {
        const known = this.#issued.get(realm);
        const issued = known ?? this.#authority.issue(names);
        this.#issued.set(realm, issued);
        return issued;
    }
}

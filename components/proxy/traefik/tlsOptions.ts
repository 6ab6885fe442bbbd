import type * as pulumi from "@pulumi/pulumi";

/** The oldest version of TLS that a client may speak. Older ones than these cannot be chosen (RFC 8996). */
export const ProxyTlsVersion = { Tls12: "VersionTLS12", Tls13: "VersionTLS13" } as const;
export type ProxyTlsVersion = (typeof ProxyTlsVersion)[keyof typeof ProxyTlsVersion];

/** Suites of TLS 1.2 with forward secrecy and authenticated encryption; TLS 1.3 has its own, which Go does not let one choose. */
export const ProxyCipherSuite = {
    EcdsaAes128: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    RsaAes128: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    EcdsaAes256: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    RsaAes256: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    EcdsaChaCha20: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    RsaChaCha20: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
} as const;
export type ProxyCipherSuite = (typeof ProxyCipherSuite)[keyof typeof ProxyCipherSuite];

/** Curves for the key exchange, by the names that Traefik knows (`CurveIDs` in its `pkg/tls/certificate.go`). */
export const ProxyCurve = { P256: "CurveP256", P384: "CurveP384", P521: "CurveP521" } as const;
export type ProxyCurve = (typeof ProxyCurve)[keyof typeof ProxyCurve];

/** A set of TLS settings. A name that no certificate carries is refused in every set. */
export interface ProxyTlsOptions {
    /** Name by which routes refer to the set; `default` is for all that name none. */
    name: string;
    /** The oldest version that a client may speak. `VersionTLS12` if omitted. */
    minVersion?: ProxyTlsVersion;
    /** Suites of TLS 1.2. All six if omitted; they have no meaning with TLS 1.3 alone. */
    cipherSuites?: ProxyCipherSuite[];
    /** Curves for the key exchange. Go's own choice, which has post-quantum key exchange, if omitted. */
    curves?: ProxyCurve[];
    /** Protocols above TLS in order of preference, of `h2` and `http/1.1`. Both if omitted. */
    alpnProtocols?: string[];
    /** Certificate authority of the clients, in PEM: only those with a certificate of it get in. Clients need none if omitted. */
    clientCaPem?: pulumi.Input<string>;
}

/** Name of the set that holds where none is named. */
export const DEFAULT_TLS_OPTIONS = "default";

/** What Traefik takes for `alpnProtocols` that an HTTP route can speak. */
export const ALPN_PROTOCOLS: readonly string[] = ["h2", "http/1.1"];

export const CIPHER_SUITES: readonly ProxyCipherSuite[] = Object.values(ProxyCipherSuite);

/** A set in the dynamic configuration. */
export interface TlsOptions {
    minVersion: ProxyTlsVersion;
    cipherSuites: readonly ProxyCipherSuite[];
    curvePreferences?: readonly ProxyCurve[];
    alpnProtocols?: readonly string[];
    clientAuth?: { caFiles: string[]; clientAuthType: "RequireAndVerifyClientCert" };
    sniStrict: boolean;
}

/** A set whose authority lies in a file. */
export type PlacedTlsOptions = Omit<ProxyTlsOptions, "clientCaPem"> & { clientCaFile?: string };

/** All sets by name, the default one among them. */
export function tlsOptionSets(sets: readonly PlacedTlsOptions[]): Record<string, TlsOptions> & { default: TlsOptions } {
    const given = sets.map((set): [string, TlsOptions] => [set.name, tlsOptions(set)]);
    return { default: tlsOptions({ name: DEFAULT_TLS_OPTIONS }), ...Object.fromEntries(given) };
}

function tlsOptions(set: PlacedTlsOptions): TlsOptions {
    return {
        minVersion: set.minVersion ?? ProxyTlsVersion.Tls12,
        cipherSuites: set.cipherSuites ?? CIPHER_SUITES,
        ...(set.curves === undefined ? {} : { curvePreferences: set.curves }),
        ...(set.alpnProtocols === undefined ? {} : { alpnProtocols: set.alpnProtocols }),
        ...(set.clientCaFile === undefined
            ? {}
            : { clientAuth: { caFiles: [set.clientCaFile], clientAuthType: "RequireAndVerifyClientCert" } }),
        sniStrict: true,
    };
}

import { isIP } from "node:net";
import {
    checkServerIdentity,
    connect,
    type DetailedPeerCertificate,
    type SecureVersion,
    type TLSSocket,
} from "node:tls";
import { CommandError, Exit } from "../exit.ts";

const ANSWER_WITHIN_MS = 10_000;

/** A TLS server as it is asked. */
export interface TlsTarget {
    /** Where the connection goes. */
    readonly address: string;
    readonly port: number;
    /** The name that is asked for, and that the certificate must carry; an IP address is asked for without a name. */
    readonly serverName: string;
    /** Authorities that the certificate is verified with, PEM; this machine's own where omitted. */
    readonly caPem?: string;
}

/** What is offered in one handshake. */
export interface Offer {
    readonly version?: SecureVersion;
    /** In OpenSSL's words; every suite that it knows, however weak, where omitted. */
    readonly suites?: string;
}

/** What the server chose, and showed. */
export interface Accepted {
    readonly protocol: string;
    /** OpenSSL's name of the suite: `ECDHE-RSA-AES128-GCM-SHA256`. */
    readonly suite: string;
    /** IANA's name of it: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
    readonly standardName: string;
    /** The certificate, then its issuers as far as they are known. */
    readonly chain: readonly DetailedPeerCertificate[];
    /** Why nobody vouches for the certificate, in OpenSSL's words; undefined where an authority does. */
    readonly distrust: string | undefined;
    /** Whether it is the certificate of the name that was asked for. */
    readonly isForName: boolean;
}

/** Every suite, at the security level that forbids none: what is offered is what is asked about. */
const EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

/**
 * One handshake, whatever the certificate is.
 *
 * @returns undefined where the server refuses what is offered.
 * @throws CommandError (exit 3) where nobody answers there, or what answers does not speak TLS.
 */
export function tryHandshake(
    target: TlsTarget,
    { version, suites = EVERYTHING }: Offer = {},
): Promise<Accepted | undefined> {
    const { address, port, serverName, caPem } = target;
    return new Promise((resolve, reject) => {
        const socket = connect({
            host: address,
            port,
            ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
            ...(caPem === undefined ? {} : { ca: caPem }),
            ...(version === undefined ? { minVersion: "TLSv1" } : { minVersion: version, maxVersion: version }),
            ciphers: suites,
            rejectUnauthorized: false,
            // Chain and names are judged apart: Node tells of one alone.
            checkServerIdentity: () => undefined,
            timeout: ANSWER_WITHIN_MS,
            ALPNProtocols: ["http/1.1"],
        });
        const unanswered = (reason: string) => {
            socket.destroy();
            reject(noAnswer(target, reason));
        };
        socket.once("timeout", () => unanswered("it does not answer"));
        socket.once("error", (error: NodeJS.ErrnoException) => {
            if (isRefusal(error)) resolve(undefined);
            else unanswered(error.message);
        });
        socket.once("secureConnect", () => {
            resolve(acceptedBy(socket, serverName));
            socket.destroy();
        });
    });
}

/** Servers refuse an offer with an alert, or by hanging up without one; everything else says that there is no TLS server. */
function isRefusal({ code = "" }: NodeJS.ErrnoException): boolean {
    return /^ERR_SSL_(?!WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)/.test(code) || code === "ECONNRESET";
}

function noAnswer({ address, port }: TlsTarget, reason: string): CommandError {
    return new CommandError(
        Exit.failed,
        `${address}:${port} cannot be asked: ${reason}`,
        "see whether a TLS server listens there; --connect names another address",
    );
}

function acceptedBy(socket: TLSSocket, serverName: string): Accepted {
    const { name, standardName } = socket.getCipher();
    const certificate = socket.getPeerCertificate(true);
    return {
        protocol: socket.getProtocol() ?? "",
        suite: name,
        standardName,
        chain: chainOf(certificate),
        distrust: socket.authorized ? undefined : String(socket.authorizationError),
        isForName: checkServerIdentity(serverName, certificate) === undefined,
    };
}

/** A root is its own issuer. */
function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
    const chain: DetailedPeerCertificate[] = [];
    for (let one = certificate; one?.raw && !chain.includes(one); one = one.issuerCertificate) chain.push(one);
    return chain;
}

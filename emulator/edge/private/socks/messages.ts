import ipaddr from "ipaddr.js";

/** Ways to log in (RFC 1928, section 3): the only one that there is here, and the answer to whoever offers no other. */
export const Method = { UserPassword: 0x02, NoneAcceptable: 0xff } as const;

/** What a client can ask for (RFC 1928, section 4). */
export const Command = { Connect: 0x01, Bind: 0x02, UdpAssociate: 0x03 } as const;

/** Answers to a request (RFC 1928, section 6). */
export const Reply = {
    Succeeded: 0x00,
    GeneralFailure: 0x01,
    NotAllowed: 0x02,
    NetworkUnreachable: 0x03,
    HostUnreachable: 0x04,
    ConnectionRefused: 0x05,
    CommandNotSupported: 0x07,
    AddressTypeNotSupported: 0x08,
} as const;
export type Reply = (typeof Reply)[keyof typeof Reply];

/** The client does not speak SOCKS5. */
export class SocksProtocolError extends Error {
    override readonly name = "SocksProtocolError";
}

/** A message, and how many bytes it took; undefined as long as it is not all there. */
export type Read<Message> = { readonly message: Message; readonly length: number } | undefined;

export interface Credentials {
    readonly username: string;
    readonly password: string;
}

export interface SocksRequest {
    readonly command: number;
    /** An address or a name; undefined for a type of address that is none of RFC 1928's. */
    readonly host: string | undefined;
    readonly port: number;
}

const VERSION = 0x05;
/** Version of the log-in (RFC 1929). */
const AUTHENTICATION_VERSION = 0x01;
const RESERVED = 0x00;
const AddressType = { IPv4: 0x01, Domain: 0x03, IPv6: 0x04 } as const;

/** The client's first words: the ways to log in that it offers. @throws SocksProtocolError */
export function readGreeting(bytes: Buffer): Read<readonly number[]> {
    demand(bytes, 0, VERSION, "SOCKS version 5");
    const count = bytes[1];
    if (count === undefined || bytes.length < 2 + count) {
        return undefined;
    }
    return { message: [...bytes.subarray(2, 2 + count)], length: 2 + count };
}

/** User name and password (RFC 1929, section 2). @throws SocksProtocolError */
export function readCredentials(bytes: Buffer): Read<Credentials> {
    demand(bytes, 0, AUTHENTICATION_VERSION, "version 1 of the log-in");
    const nameLength = bytes[1];
    const passwordLength = nameLength === undefined ? undefined : bytes[2 + nameLength];
    if (nameLength === undefined || passwordLength === undefined) {
        return undefined;
    }
    const passwordAt = 3 + nameLength;
    const length = passwordAt + passwordLength;
    if (bytes.length < length) {
        return undefined;
    }
    const username = bytes.toString("utf8", 2, 2 + nameLength);
    return { message: { username, password: bytes.toString("utf8", passwordAt, length) }, length };
}

/** What the client wants, and where. @throws SocksProtocolError */
export function readRequest(bytes: Buffer): Read<SocksRequest> {
    demand(bytes, 0, VERSION, "SOCKS version 5");
    demand(bytes, 2, RESERVED, "a reserved byte of zero");
    const [, command, , type] = bytes;
    const sizeOfDomain = bytes[4];
    if (command === undefined || type === undefined || sizeOfDomain === undefined) {
        return undefined;
    }
    if (type !== AddressType.IPv4 && type !== AddressType.Domain && type !== AddressType.IPv6) {
        // Nobody knows how long it is: nothing behind it can be read.
        return { message: { command, host: undefined, port: 0 }, length: bytes.length };
    }
    const [from, size] = type === AddressType.Domain ? [5, sizeOfDomain] : [4, type === AddressType.IPv4 ? 4 : 16];
    const length = from + size + 2;
    if (bytes.length < length) {
        return undefined;
    }
    const raw = bytes.subarray(from, from + size);
    const host = type === AddressType.Domain ? raw.toString("latin1") : ipaddr.fromByteArray([...raw]).toString();
    return { message: { command, host, port: bytes.readUInt16BE(length - 2) }, length };
}

export function methodSelection(method: number): Buffer {
    return Buffer.from([VERSION, method]);
}

export function authenticationStatus(isGood: boolean): Buffer {
    return Buffer.from([AUTHENTICATION_VERSION, isGood ? 0 : 1]);
}

/** The answer to a request. The address that it is bound to is the connector's, which the edge does not know: all zeros, as usual. */
export function requestReply(reply: Reply): Buffer {
    return Buffer.from([VERSION, reply, RESERVED, AddressType.IPv4, 0, 0, 0, 0, 0, 0]);
}

function demand(bytes: Buffer, at: number, value: number, what: string): void {
    const found = bytes[at];
    if (found !== undefined && found !== value) {
        throw new SocksProtocolError(`${what} was expected, and the byte ${found} came`);
    }
}

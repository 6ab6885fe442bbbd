import { once } from "node:events";
import { isIPv4, isIPv6, type Socket, connect as tcpConnect } from "node:net";
import ipaddr from "ipaddr.js";

/** A device's name and secret. */
export interface Login {
    readonly username: string;
    readonly password: string;
}

export interface Attempt {
    /** The answer's code (RFC 1928, section 6). */
    readonly reply: number;
    /** What carries the bytes, where the answer is 0. */
    readonly socket: Socket;
}

const lengthPrefixed = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length]), bytes]);

export const GREETING = Buffer.from([5, 1, 2]);

export function loginMessage({ username, password }: Login): Buffer {
    return Buffer.concat([
        Buffer.from([1]),
        lengthPrefixed(Buffer.from(username)),
        lengthPrefixed(Buffer.from(password)),
    ]);
}

/** A request for a TCP connection; other commands by their number. */
export function requestMessage(host: string, port: number, command = 1): Buffer {
    const [type, address] = isIPv4(host)
        ? [1, Buffer.from(ipaddr.parse(host).toByteArray())]
        : isIPv6(host)
          ? [4, Buffer.from(ipaddr.parse(host).toByteArray())]
          : [3, lengthPrefixed(Buffer.from(host))];
    return Buffer.concat([Buffer.from([5, command, 0, type]), address, Buffer.from([port >> 8, port & 0xff])]);
}

/** Reads so many bytes, no fewer and no more. */
export async function take(socket: Socket, length: number): Promise<Buffer> {
    let bytes = Buffer.alloc(0);
    while (bytes.length < length) {
        const chunk: Buffer | null = socket.read();
        if (chunk !== null) {
            bytes = Buffer.concat([bytes, chunk]);
        } else if (socket.readableEnded || socket.destroyed) {
            throw new Error(`the entry ended the connection before ${length} bytes had come`);
        } else {
            await Promise.race([once(socket, "readable"), once(socket, "close")]);
        }
    }
    if (bytes.length > length) {
        socket.unshift(bytes.subarray(length));
    }
    return bytes.subarray(0, length);
}

/** Opens a connection to the entry. */
export async function dial(address: string): Promise<Socket> {
    const [, host = "", port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
    const socket = tcpConnect({ host, port: Number(port) });
    await once(socket, "connect");
    return socket;
}

/** Goes through the whole conversation as a device. */
export async function reach(address: string, login: Login, host: string, port: number): Promise<Attempt> {
    const socket = await dial(address);
    socket.write(GREETING);
    await take(socket, 2);
    socket.write(loginMessage(login));
    const [, status] = await take(socket, 2);
    if (status !== 0) {
        throw new Error(`the entry does not know ${login.username}`);
    }
    socket.write(requestMessage(host, port));
    const [, reply = -1] = await take(socket, 10);
    return { reply, socket };
}

import { readFile } from "node:fs/promises";
import { endianness } from "node:os";

/** A socket that takes what others send: TCP in LISTEN, or UDP that is connected to nobody. */
export interface Listener {
    readonly protocol: "tcp" | "udp";
    /** IP address; `0.0.0.0` and `::` mean every address. */
    readonly address: string;
    readonly port: number;
    /** Names the socket within the machine; 0 for one of the kernel's own. */
    readonly inode: number;
}

/** States in the kernel's tables (include/net/tcp_states.h); an unconnected UDP socket counts as closed. */
const LISTENING = { tcp: "0A", udp: "07" } as const;

/** Linux's default for ports that it gives to sockets that asked for none (net.ipv4.ip_local_port_range, ip(7)). */
const EPHEMERAL = { first: 32_768, last: 60_999 };

/**
 * What listens in the network namespace of a process; that of this process by default. Linux only.
 *
 * @throws the file system's error when there is no such process.
 */
export async function listenersOf(pid: number | "self" = "self"): Promise<Listener[]> {
    const tables = await Promise.all(
        (["tcp", "tcp6", "udp", "udp6"] as const).map(async (name) => {
            const protocol = name.startsWith("tcp") ? "tcp" : "udp";
            return parseListeners(await readTable(`/proc/${pid}/net/${name}`), protocol);
        }),
    );
    return tables.flat();
}

/** The `6` tables are not there where the kernel runs without IPv6; the others always are. */
async function readTable(path: string): Promise<string> {
    try {
        return await readFile(path, "utf8");
    } catch (error) {
        if (path.endsWith("6") && (error as NodeJS.ErrnoException).code === "ENOENT") {
            return "";
        }
        throw error;
    }
}

/**
 * Reads a table of the kernel's (proc(5), /proc/net/tcp): after the head a line a socket, of which the second field is the
 * local address and port in hexadecimal, the fourth the state, the tenth the inode.
 */
export function parseListeners(table: string, protocol: Listener["protocol"]): Listener[] {
    return table
        .split("\n")
        .slice(1)
        .flatMap((line) => {
            const fields = line.trim().split(/\s+/);
            const [, local, , state, , , , , , inode] = fields;
            if (local === undefined || inode === undefined || state !== LISTENING[protocol]) {
                return [];
            }
            const [address = "", port = ""] = local.split(":");
            return [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16), inode: Number(inode) }];
        });
}

/** The kernel prints an address as 32-bit numbers of the machine's own byte order. */
function addressOf(hex: string): string {
    const bytes = Buffer.from(hex, "hex");
    if (endianness() === "LE") {
        bytes.swap32();
    }
    if (bytes.length === 4) {
        return bytes.join(".");
    }
    const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
    return shorten(groups);
}

/** RFC 5952's form of an IPv6 address, and the IPv4 address where that is what it maps. */
function shorten(groups: readonly string[]): string {
    const { hostname } = new URL(`http://[${groups.join(":")}]`);
    const mapped = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(hostname);
    if (mapped === null) {
        return hostname.slice(1, -1);
    }
    const [high = 0, low = 0] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

export function isLoopback({ address }: Pick<Listener, "address">): boolean {
    return address === "::1" || address.startsWith("127.");
}

export function isEveryAddress({ address }: Pick<Listener, "address">): boolean {
    return address === "0.0.0.0" || address === "::";
}

/**
 * Whether a socket merely waits for answers to what it sent, as those of DNS and QUIC clients do. The kernel's tables do not
 * tell; a port that the kernel chose does.
 */
export function awaitsAnswers({ protocol, port }: Pick<Listener, "protocol" | "port">): boolean {
    return protocol === "udp" && port >= EPHEMERAL.first && port <= EPHEMERAL.last;
}

/** `tcp 172.19.0.1:7844` */
export function listenerText({ protocol, address, port }: Listener): string {
    return `${protocol} ${address.includes(":") ? `[${address}]` : address}:${port}`;
}

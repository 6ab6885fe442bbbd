import { readFile } from "node:fs/promises";

/** The addresses at which the network namespace of a process can be reached, loopback left out. Linux only. */
export async function localAddressesOf(pid: number): Promise<string[]> {
    const [trie, interfaces] = await Promise.all([
        readFile(`/proc/${pid}/net/fib_trie`, "utf8"),
        readFile(`/proc/${pid}/net/if_inet6`, "utf8").catch((error: NodeJS.ErrnoException) => {
            if (error.code === "ENOENT") {
                return ""; // the kernel runs without IPv6
            }
            throw error;
        }),
    ]);
    return [...parseFibTrie(trie), ...parseIfInet6(interfaces)];
}

/** Addresses of the machine's own in the kernel's routing tables: a leaf `|-- 10.0.5.3`, and below it `/32 host LOCAL`. */
export function parseFibTrie(trie: string): string[] {
    const found = new Set<string>();
    let leaf = "";
    for (const line of trie.split("\n")) {
        leaf = /\|-- (\S+)/.exec(line)?.[1] ?? leaf;
        if (/^\s*\/32 host LOCAL/.test(line) && !leaf.startsWith("127.")) {
            found.add(leaf);
        }
    }
    return [...found];
}

/** A line an address: 32 hexadecimal digits, and the interface last. */
export function parseIfInet6(table: string): string[] {
    return table
        .split("\n")
        .map((line) => line.split(/\s+/)[0] ?? "")
        .filter((hex) => hex.length === 32)
        .map((hex) => new URL(`http://[${hex.match(/.{4}/g)?.join(":")}]`).hostname.slice(1, -1))
        .filter((address) => address !== "::1");
}

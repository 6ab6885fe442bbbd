import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { execa } from "execa";
import ipaddr from "ipaddr.js";

/** Addresses of this machine that others could have to do with: neither loopback nor link-local. */
export function ownAddresses(): string[] {
    return Object.values(networkInterfaces())
        .flatMap((addresses = []) => addresses)
        .filter(({ internal, address }) => !internal && ipaddr.parse(address).range() !== "linkLocal")
        .map(({ address }) => address);
}

/** Whether anything leads to the rest of the world over IPv6 (`/proc/net/ipv6_route`: destination, prefix, …, interface). */
export async function hasIpv6Way(): Promise<boolean> {
    const routes = await readFile("/proc/net/ipv6_route", "utf8").catch(() => "");
    return routes.split("\n").some((line) => /^0{32} 00 .* (?!lo$)\S+$/.test(line.trim()));
}

/** Largest packet on the way to an address as far as the kernel knows it, in bytes: the interface's, or less where a router has said so. */
export async function mtuTowards(address: string): Promise<number | undefined> {
    const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
    const { stdout, exitCode } = await execa("ip", ["-json", "route", "get", address], { reject: false, env });
    if (exitCode !== 0) return undefined;
    const [route] = JSON.parse(stdout) as { dev?: string; metrics?: { mtu?: number }[] }[];
    const learnt = route?.metrics?.find(({ mtu }) => mtu !== undefined)?.mtu;
    if (learnt !== undefined || route?.dev === undefined) return learnt;
    return Number(await readFile(`/sys/class/net/${route.dev}/mtu`, "utf8"));
}

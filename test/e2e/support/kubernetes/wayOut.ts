/** Runs inside a secluded network (secludedNetwork.ts) for as long as its standard input is open: what leads out of it. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { pass } from "./pass.ts";

/** What the program is started with. */
export interface WayOutErrand {
    /** Path of iproute2's `ip`. */
    readonly ip: string;
    /** Address that the machine gets beside 127.0.0.1. */
    readonly address: string;
    /** Ports of 127.0.0.1 with the sockets in the file system that they lead to: those are the same in every network namespace. */
    readonly ways: readonly { readonly port: number; readonly socket: string }[];
}

const { ip, address, ways } = JSON.parse(process.argv[2] ?? "") as WayOutErrand;
for (const args of [
    ["link", "set", "lo", "up"],
    ["address", "add", `${address}/32`, "dev", "lo"],
]) {
    const { status, stderr } = spawnSync(ip, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
for (const { port, socket } of ways) {
    const server = createServer((inner) => pass(inner, { path: socket })).listen(port, "127.0.0.1");
    await once(server, "listening");
}
process.stdin.on("end", () => process.exit()).resume();
process.stdout.write("ready\n");

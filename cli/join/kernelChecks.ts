import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { release } from "node:os";
import { execa } from "execa";
import { type JoinFinding, no, ok, unknown } from "./finding.ts";

/** What of the machine the checks look at; a test gives others. */
export interface KernelFiles {
    /** The kernel's own modules: `/sys/module`. */
    readonly modules: string;
    /** Those that it could load, and that are built in: `/lib/modules/VERSION`. */
    readonly loadable: string;
    /** What a WireGuard outside the kernel needs. */
    readonly tun: string;
}

const FILES: KernelFiles = { modules: "/sys/module", loadable: `/lib/modules/${release()}`, tun: "/dev/net/tun" };

/** Whether there is a WireGuard: the kernel's, or what takes its place. */
export async function wireguardCheck(files: KernelFiles = FILES): Promise<JoinFinding> {
    const id = "wireguard";
    if (await isThere(`${files.modules}/wireguard`, constants.F_OK)) return ok(id, "the kernel has it loaded");
    const lists = await Promise.all(
        ["modules.dep", "modules.builtin"].map((name) => readFile(`${files.loadable}/${name}`, "utf8").catch(() => "")),
    );
    if (lists.some((list) => /\/wireguard\.ko/.test(list))) return ok(id, "the kernel can load it");
    if (await isThere(files.tun, constants.R_OK | constants.W_OK)) {
        return ok(id, `the kernel has none; wireguard-go works with ${files.tun} (form "wireguard-go")`);
    }
    return no(
        id,
        `the kernel has none, and ${files.tun} cannot be opened`,
        `Run "modprobe wireguard", or "modprobe tun" and the check as root; in a container, give it ${files.tun}.`,
    );
}

/** Whether nftables works here, not only whether it is installed: the rules are checked by the kernel and not put in place. */
export async function nftablesCheck(): Promise<JoinFinding> {
    const id = "nftables";
    const rules =
        "add table inet sallyport_check\nadd chain inet sallyport_check input { type filter hook input priority 0; }\n";
    const { code, exitCode, stderr } = await run("nft", ["--check", "--file", "-"], rules);
    if (code === "ENOENT") return missing(id, "nft", "nftables");
    if (exitCode === 0) return ok(id, "the kernel takes rules");
    if (/not permitted/.test(stderr)) return unknown(id, "only root may ask the kernel", "Run the check as root.");
    return no(id, firstLine(stderr), 'Use a kernel with nf_tables ("modprobe nf_tables").');
}

/** Whether there is what sets an interface up. */
export async function wireguardToolsCheck(): Promise<JoinFinding> {
    const id = "wireguard-tools";
    const { code, stdout, stderr, exitCode } = await run("wg", ["--version"]);
    if (code === "ENOENT") return missing(id, "wg", "wireguard-tools");
    return exitCode === 0 ? ok(id, firstLine(stdout)) : no(id, firstLine(stderr), "Install wireguard-tools anew.");
}

/** Programs for root are not on everybody's PATH. */
function run(program: string, args: string[], input = "") {
    return execa(program, args, { input, reject: false, env: { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` } });
}

function missing(id: string, program: string, packageName: string): JoinFinding {
    return no(
        id,
        `${program} is not on this machine`,
        `Run "apt-get install ${packageName}", or what this system has for it.`,
    );
}

const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";

async function isThere(path: string, mode: number): Promise<boolean> {
    return access(path, mode).then(
        () => true,
        () => false,
    );
}

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { HostFile } from "../../../../components/index.ts";
import type { NetworkNamespace, Ran } from "./networkNamespace.ts";

/** What a node of a mesh is set up with, as {@link WireGuardMesh} gives it. */
export interface MeshFiles {
    readonly files: readonly HostFile[];
    readonly secretFiles: readonly HostFile[];
    readonly apply: string;
}

/** systemd's part for `wg-quick@INTERFACE`, on a machine without systemd. */
const SYSTEMCTL = `#!/bin/sh
unit=\${*##* }; interface=\${unit#wg-quick@}
case "$*" in
    "enable wg-quick@"*) ;;
    "is-active --quiet wg-quick@"*) ip link show "$interface" > /dev/null 2>&1 ;;
    "start wg-quick@"*) exec wg-quick up "$interface" ;;
    *) echo "systemctl $*: not known here" >&2; exit 1 ;;
esac
`;

/** The node's own files in the place of this machine's, and the control sockets of its own interfaces. */
const OWN_FILES =
    'mount --bind "$1/wireguard" /etc/wireguard && mount --bind "$1/run" /run/wireguard && shift && exec "$@"';

/** A node of a mesh: its files are put in place and its command is run as they are, with `wireguard-go` where the kernel has no WireGuard. */
export class MeshNode implements AsyncDisposable {
    readonly #machine: NetworkNamespace;
    readonly #folder: string;
    readonly #interfaceName: string;
    readonly #env: Record<string, string>;

    static async create(machine: NetworkNamespace, interfaceName: string, wireguardGo: string): Promise<MeshNode> {
        const folder = await mkdtemp(join(tmpdir(), `${machine.id}-`));
        for (const name of ["wireguard", "run", "bin"]) await mkdir(join(folder, name), { mode: 0o700 });
        await mkdir("/run/wireguard", { recursive: true, mode: 0o700 });
        await writeFile(join(folder, "bin", "systemctl"), SYSTEMCTL, { mode: 0o755 });
        const env = {
            PATH: `${join(folder, "bin")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
            WG_QUICK_USERSPACE_IMPLEMENTATION: wireguardGo,
        };
        return new MeshNode(machine, folder, interfaceName, env);
    }

    private constructor(machine: NetworkNamespace, folder: string, interfaceName: string, env: Record<string, string>) {
        this.#machine = machine;
        this.#folder = folder;
        this.#interfaceName = interfaceName;
        this.#env = env;
    }

    /** Puts the files in place and runs the command. */
    async apply({ files, secretFiles, apply }: MeshFiles): Promise<void> {
        for (const { path, mode, content } of [...files, ...secretFiles]) {
            const file = path.startsWith("/etc/wireguard/") ? join("wireguard", basename(path)) : basename(path);
            await rm(join(this.#folder, file), { force: true });
            await writeFile(join(this.#folder, file), this.#here(content), { mode: Number.parseInt(mode, 8) });
        }
        const { exitCode, all } = await this.run("bash", "-c", this.#here(apply));
        if (exitCode !== 0) throw new Error(`${apply} on ${this.#machine.name}: ${all}`);
    }

    /** Runs a program with the node's files and interfaces. */
    run(program: string, ...args: string[]): Promise<Ran> {
        const env = Object.entries(this.#env).map(([name, value]) => `${name}=${value}`);
        const own = ["--mount", "sh", "-c", OWN_FILES, "sh", this.#folder];
        return this.#machine.run("unshare", ...own, "env", ...env, program, ...args);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        // The process behind the interface ends with it.
        await this.#machine.run("ip", "link", "delete", this.#interfaceName);
        await rm(this.#folder, { recursive: true });
    }

    /** Files of ours are not in /etc here. */
    #here(text: string): string {
        return text
            .replaceAll(/\/etc\/sallyport\/[^/\s]+\//g, `${this.#folder}/`)
            .replaceAll("/etc/sysctl.d/", `${this.#folder}/`);
    }
}

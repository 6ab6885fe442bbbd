import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stderrProgress } from "../../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../../toolchain/index.ts";
import type { NetworkNamespace } from "./networkNamespace.ts";

/**
 * The real dnsmasq as a machine's resolver, with a file of configuration. What is started on the machine from then on asks it: `ip netns exec` puts what is below
 * `/etc/netns/<namespace>` in the place of the same in `/etc` (ip-netns(8)).
 */
export async function dnsmasq(machine: NetworkNamespace, configFile: string): Promise<AsyncDisposable> {
    const wanted = { package: "dnsmasq-base", programs: ["dnsmasq"] } as const;
    const { dnsmasq: program } = await ensurePrograms(wanted, { progress: stderrProgress() });
    const folder = join("/etc/netns", machine.id);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "resolv.conf"), "nameserver 127.0.0.1\n");
    const alone = ["--no-resolv", "--no-hosts", "--no-daemon", "--pid-file=", "--listen-address=127.0.0.1"];
    const args = [...alone, "--bind-interfaces", `--conf-file=${configFile}`];
    const process = machine.start(program, args);
    return {
        async [Symbol.asyncDispose]() {
            await process[Symbol.asyncDispose]();
            await rm(folder, { recursive: true });
        },
    };
}

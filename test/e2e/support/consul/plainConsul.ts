import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { stderrProgress } from "../../../../cli/ui/progress.ts";
import { ensureTool } from "../../../../toolchain/index.ts";
import type { NetworkNamespace } from "../sites/networkNamespace.ts";

/** An election on a busy machine: a minute in milliseconds. */
const READY_WITHIN_MS = 60_000;

/** A machine on which an agent is to run, and the address at which its neighbours reach it. */
export interface ConsulMachine {
    readonly machine: NetworkNamespace;
    readonly address: string;
}

/** A Consul cluster without tokens or a mesh, for what only asks its catalogue and its DNS. */
export interface PlainConsul extends AsyncDisposable {
    /** Name server of each machine, for its own namespace. */
    readonly dns: string;
    /** Gives a machine's agent these service definitions, by file name (`ldap.json`), in place of those that it had by these names. */
    define(machine: NetworkNamespace, definitions: Readonly<Record<string, string>>): Promise<void>;
}

/** What distinguishes one cluster from another. */
export interface PlainConsulOptions {
    readonly datacenter?: string;
    /** Whether the server's DNS answers other machines, too. */
    readonly publicDns?: boolean;
}

/** The real Consul, one agent a machine, the first one the server. */
export async function plainConsul(
    machines: readonly ConsulMachine[],
    { datacenter = "test", publicDns = false }: PlainConsulOptions = {},
): Promise<PlainConsul> {
    const { path: consul } = await ensureTool("consul", { progress: stderrProgress() });
    await using undo = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "sallyport-consul-"));
    undo.defer(() => rm(folder, { recursive: true }));
    const log: string[] = [];
    const folderOf = ({ name }: NetworkNamespace) => join(folder, name);

    for (const [index, { machine, address }] of machines.entries()) {
        const own = folderOf(machine);
        await mkdir(join(own, "services"), { recursive: true });
        const config = {
            datacenter,
            node_name: machine.name,
            data_dir: join(own, "data"),
            bind_addr: address,
            client_addr: "127.0.0.1",
            ports: { serf_wan: -1 },
            connect: { enabled: false },
            performance: { raft_multiplier: 1 },
            retry_interval: "500ms",
            leave_on_terminate: false,
            disable_update_check: true,
            ...(index === 0
                ? {
                      server: true,
                      bootstrap_expect: 1,
                      ...(publicDns ? { addresses: { dns: `127.0.0.1 ${address}` } } : {}),
                  }
                : { retry_join: machines.slice(0, 1).map((first) => `[${first.address}]`) }),
        };
        await writeFile(join(own, "agent.json"), JSON.stringify(config));
        const files = ["-config-file", join(own, "agent.json"), "-config-dir", join(own, "services")];
        undo.use(machine.start(consul, ["agent", ...files], { env: {}, onLine: (line) => log.push(line) }));
    }
    for (const { machine } of machines) {
        const knowsAll = async () => {
            const { all } = await machine.run(consul, "members");
            if (all.match(/ alive /g)?.length !== machines.length) throw new Error([all, ...log].join("\n"));
        };
        await vi.waitFor(knowsAll, { timeout: READY_WITHIN_MS, interval: 100 });
    }
    const kept = undo.move();
    return {
        dns: "127.0.0.1:8600",
        define: async (machine, definitions) => {
            for (const [name, text] of Object.entries(definitions)) {
                await writeFile(join(folderOf(machine), "services", name), text);
            }
            await machine.succeed(consul, "reload");
        },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}

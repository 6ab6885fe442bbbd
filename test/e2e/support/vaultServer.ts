import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { startTied } from "../../../cli/processes/tied.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ensureTool } from "../../../toolchain/index.ts";

/** A real Vault in memory, on loopback. */
export interface VaultServer extends AsyncDisposable {
    readonly address: string;
    /** File with the root token. */
    readonly rootTokenFile: string;
    /** Mounts a key-value store. */
    mount(name: string, version: 1 | 2): Promise<void>;
    /** Writes an entry. */
    put(path: string, entry: object): Promise<void>;
    /** A token that may do what a policy says and no more; the file that holds it. */
    tokenFor(name: string, policy: string): Promise<string>;
}

export async function startVault(): Promise<VaultServer> {
    const { path } = await ensureTool("vault", { progress: stderrProgress() });
    await using parts = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "sallyport-vault-"));
    parts.defer(() => rm(folder, { recursive: true }));
    const rootTokenFile = join(folder, "root-token");
    const listening = Promise.withResolvers<string>();
    const vault = parts.use(
        startTied(path, [rootTokenFile], {
            env: {},
            onLine: (line) => line.startsWith("http://") && listening.resolve(line),
        }),
    );
    void vault.ended.then((how) => listening.reject(new Error(`Vault ended: ${how}`)));
    const address = await listening.promise;
    const rootToken = (await readFile(rootTokenFile, "utf8")).trim();

    const ask = async (method: string, of: string, body?: object) => {
        const headers = { "x-vault-token": rootToken };
        const answer = await fetch(`${address}/v1/${of}`, { method, headers, body: body && JSON.stringify(body) });
        if (!answer.ok) {
            throw new Error(`${method} ${of}: ${answer.status} ${await answer.text()}`);
        }
        return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
    };
    const owned = parts.move();
    return {
        address,
        rootTokenFile,
        async mount(name, version) {
            await ask("POST", `sys/mounts/${name}`, { type: "kv", options: { version: String(version) } });
            // A store of version 2 takes a moment to prepare itself, and refuses requests meanwhile.
            await vi.waitFor(() => ask("GET", version === 2 ? `${name}/config` : `sys/mounts/${name}`));
        },
        put: async (of, entry) => void (await ask("PUT", of, entry)),
        async tokenFor(name, policy) {
            await ask("PUT", `sys/policies/acl/${name}`, { policy });
            const { auth } = await ask("POST", "auth/token/create", { policies: [name] });
            const file = join(folder, `${name}-token`);
            await writeFile(file, `${(auth as { client_token: string }).client_token}\n`, { mode: 0o600 });
            return file;
        },
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
}

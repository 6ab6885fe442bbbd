import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import { readIfThere } from "../../../local/files.ts";
import type { Reading } from "../cluster.ts";
import { AnswerError, getJson } from "../getJson.ts";
import { HOSTNAME_TAG, type TaggedCluster, withHostnames } from "../hostnameTag.ts";
import { readEach } from "../readEach.ts";

/**
 * What an entry of the store says of a cluster. Nothing else is read from it, and above all nothing else is kept: somebody may have put a
 * password beside it.
 */
const entry = z.object({
    hostname: z.string().optional(),
    server: z.string().optional(),
    certificateAuthorityData: z.string().optional(),
    tags: z.record(z.string(), z.string()).default({}),
});

const list = z.object({ data: z.object({ keys: z.array(z.string()) }) });

/**
 * Clusters on premises, an entry each below a path of a key-value store (version 1 or 2). Address, token, authority and namespace come from
 * where Vault's own command line takes them (VAULT_ADDR, VAULT_TOKEN or `~/.vault-token`, VAULT_CACERT, VAULT_NAMESPACE) unless the source
 * names them. It needs `list` and `read` below the path.
 *
 * Two requests of Vault's HTTP API (developer.hashicorp.com/vault/api-docs/secret/kv) are all that it takes. The client that there is for Node,
 * `node-vault`, is kept, but brings an HTTP client, a template engine and an abandoned JSON-schema library, and takes no signal to end a call.
 */
export async function readVault(source: SourceOf<"vault">, signal: AbortSignal): Promise<Reading> {
    const { mount, path, version, zone } = source;
    const vault = connectionTo(source, signal);
    const [listing, reading] = version === 2 ? ["metadata/", "data/"] : ["", ""];
    const keys = await keysAt(() => vault(`${mount}/${listing}${path}?list=true`));
    const { entries, problems } = await readEach(keys, signal, async (key) => {
        const { data } = (await vault(`${mount}/${reading}${path}/${encodeURIComponent(key)}`)) as { data: unknown };
        return taggedOf(key, version === 2 ? (data as { data: unknown }).data : data);
    });
    const found = withHostnames(entries, zone);
    return { clusters: found.clusters, problems: [...problems, ...found.problems] };
}

type Ask = (path: string) => Promise<unknown>;

function connectionTo({ address, namespace, tokenFile, caFile }: SourceOf<"vault">, signal: AbortSignal): Ask {
    const { VAULT_ADDR, VAULT_TOKEN, VAULT_CACERT, VAULT_NAMESPACE } = process.env;
    const base = address ?? VAULT_ADDR;
    if (base === undefined) {
        throw new Error("no address; write one as `address`, or set VAULT_ADDR");
    }
    const token =
        tokenFile === undefined ? VAULT_TOKEN || tokenIn(join(homedir(), ".vault-token")) : tokenIn(tokenFile);
    if (!token) {
        throw new Error(
            tokenFile === undefined
                ? "no token; run: vault login"
                : `no token in ${tokenFile}; run: vault login, or name another \`tokenFile\``,
        );
    }
    const authority = caFile ?? VAULT_CACERT;
    const caPem = authority === undefined ? undefined : readFileSync(authority, "utf8");
    const within = namespace ?? VAULT_NAMESPACE;
    const headers = { "x-vault-token": token, ...(within === undefined ? {} : { "x-vault-namespace": within }) };
    return (path) => getJson(`${base.replace(/\/+$/, "")}/v1/${path}`, { signal, headers, caPem });
}

function tokenIn(file: string): string | undefined {
    return readIfThere(file)?.trim();
}

/** A path without entries is not there: Vault answers 404. Deeper folders end with "/" and are left alone. */
async function keysAt(ask: () => Promise<unknown>): Promise<string[]> {
    try {
        return list.parse(await ask()).data.keys.filter((key) => !key.endsWith("/"));
    } catch (error) {
        if (error instanceof AnswerError && error.status === 404 && error.words === "") {
            return [];
        }
        throw error;
    }
}

function taggedOf(name: string, content: unknown): TaggedCluster {
    const read = entry.safeParse(content);
    if (!read.success) {
        throw new Error(`${read.error.issues[0]?.path.join(".")} is not what a cluster's entry has there`);
    }
    const { hostname, tags, ...rest } = read.data;
    return { name, ...rest, tags: hostname === undefined ? tags : { ...tags, [HOSTNAME_TAG]: hostname } };
}

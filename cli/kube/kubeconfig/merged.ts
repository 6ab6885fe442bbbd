import { CommandError, Exit } from "../../exit.ts";
import type { Disk } from "./disk.ts";
import { parseKubeconfig, UneditableKubeconfig } from "./document.ts";
import { currentContextOf } from "./ownText.ts";

/** A context of somebody's own. */
export interface OthersContext {
    readonly name: string;
    /** URL of its API server; undefined where no cluster of that name is there. */
    readonly server: string | undefined;
    readonly user: string;
    readonly namespace?: string;
}

/** What kubectl makes of several kubeconfigs, as far as it is asked for here. */
export interface MergedKubeconfig {
    /** The current one first. */
    readonly contexts: readonly OthersContext[];
    readonly users: ReadonlySet<string>;
}

interface Named {
    readonly name?: unknown;
    readonly cluster?: { readonly server?: string } | null;
    readonly context?: { readonly cluster?: string; readonly user?: string; readonly namespace?: string } | null;
}

/**
 * Reads kubeconfigs as kubectl does: of two entries with one name the first file's counts, and so does the first current context (client-go,
 * `tools/clientcmd/loader.go`, Load).
 *
 * @param isOwn tells the entries of ours, which are left out
 * @throws CommandError (exit 2) when kubectl could not read one of them either
 */
export function readMerged(
    files: readonly string[],
    disk: Pick<Disk, "read">,
    isOwn: (name: string) => boolean,
): MergedKubeconfig {
    const read = files.flatMap((file) => parsed(file, disk.read(file)) ?? []);
    const first = (list: string) => {
        const entries = new Map<string, Named>();
        for (const item of read.flatMap(({ data }) => (data[list] as (Named | null)[] | null | undefined) ?? [])) {
            const name = String(item?.name);
            if (item !== null && !isOwn(name) && !entries.has(name)) {
                entries.set(name, item);
            }
        }
        return entries;
    };
    const clusters = first("clusters");
    const current = read.map(currentContextOf).find((name) => name !== undefined);
    const contexts = [...first("contexts")].map(([name, { context }]): OthersContext => {
        const { cluster = "", user = "", namespace } = context ?? {};
        const { server } = clusters.get(cluster)?.cluster ?? {};
        return { name, server, user, ...(namespace === undefined ? {} : { namespace }) };
    });
    return {
        contexts: contexts.toSorted((a, b) => Number(b.name === current) - Number(a.name === current)),
        users: new Set(first("users").keys()),
    };
}

function parsed(file: string, content: Buffer | undefined) {
    try {
        return content === undefined ? undefined : parseKubeconfig(content.toString());
    } catch (error) {
        if (error instanceof UneditableKubeconfig) {
            throw new CommandError(Exit.usage, `${file} ${error.message}`, "correct it, or leave it out of KUBECONFIG");
        }
        throw error;
    }
}

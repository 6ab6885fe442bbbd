import { join } from "node:path";
import { z } from "zod";
import { CommandError, Exit } from "../exit.ts";
import { readIfThere, writePrivate } from "../local/files.ts";
import { configFolder } from "./configFolder.ts";

const file = () => join(configFolder(), "kube-favourites.json");

const favouritesFile = z.array(z.string());

/**
 * The names of the clusters that somebody wants to see first.
 *
 * @throws CommandError (exit 2) where the file holds something else: a person may have edited it.
 */
export function favourites(): ReadonlySet<string> {
    const parsed = favouritesFile.safeParse(jsonOf(readIfThere(file()) ?? "[]"));
    if (!parsed.success) {
        throw new CommandError(Exit.usage, `${file()}: is no list of names`, 'write such as ["orders"], or remove it');
    }
    return new Set(parsed.data);
}

/** Keeps the names as favourites, in the order of the alphabet. */
export function keepFavourites(names: Iterable<string>): void {
    writePrivate(file(), `${JSON.stringify([...new Set(names)].toSorted(), null, 2)}\n`);
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

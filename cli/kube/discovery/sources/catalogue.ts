import { readFile } from "node:fs/promises";
import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import { readCatalogueDocument } from "../catalogueDocument.ts";
import type { Reading } from "../cluster.ts";
import { getJson } from "../getJson.ts";

/** A catalogue that somebody hands out: what `pulumi stack output clusters` printed, as a file or at an address. */
export async function readCatalogue({ from }: SourceOf<"catalogue">, signal: AbortSignal): Promise<Reading> {
    const document = from.includes("://") ? await getJson(from, { signal }) : await jsonIn(from, signal);
    const { clusters } = readCatalogueDocument(document);
    return { clusters, problems: [] };
}

async function jsonIn(file: string, signal: AbortSignal): Promise<unknown> {
    const text = await readFile(file, { encoding: "utf8", signal });
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new Error(`${file} is not JSON: ${(error as Error).message}`);
    }
}

import { readFile } from "node:fs/promises";
import type { SourceOf } from "../../../../stacks/config/clusterSources.ts";
import { edgeNamedIn } from "../../../connect/catalogue.ts";
import { readCatalogueDocument } from "../catalogueDocument.ts";
import type { Reading } from "../cluster.ts";
import { getJson } from "../getJson.ts";

/**
 * A catalogue that somebody hands out: what `pulumi stack output clusters` printed, as a file or at an address. A file may name an emulated edge of this machine
 * (`edge`, as in a catalogue of apps); an address may not.
 */
export async function readCatalogue({ from }: SourceOf<"catalogue">, signal: AbortSignal): Promise<Reading> {
    const isFile = !from.includes("://");
    const document = isFile ? await jsonIn(from, signal) : await getJson(from, { signal });
    const { clusters } = readCatalogueDocument(document);
    const edge = isFile ? edgeNamedIn(document, from) : undefined;
    return { clusters: clusters.map((cluster) => ({ ...cluster, ...(edge && { edge }) })), problems: [] };
}

async function jsonIn(file: string, signal: AbortSignal): Promise<unknown> {
    const text = await readFile(file, { encoding: "utf8", signal });
    try {
        return JSON.parse(text);
    } catch (error) {
        throw new Error(`${file} is not JSON: ${(error as Error).message}`);
    }
}

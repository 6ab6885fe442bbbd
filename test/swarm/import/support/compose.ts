import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { type Import, type ImportRequest, importServices } from "../../../../cli/swarm/import/import.ts";

/** Imports one Compose file with this text. */
export function importText(text: string, request: Partial<ImportRequest> = {}): Import {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-import-"));
    try {
        const file = join(folder, "compose.yaml");
        writeFileSync(file, text);
        const empty = { running: [], declared: new Map(), environment: {}, project: "shop" };
        return importServices({ ...empty, files: [file], ...request });
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** Imports one service `web` with these labels. */
export function importLabels(labels: Record<string, string>, request: Partial<ImportRequest> = {}): Import {
    return importText(stringify({ services: { web: { image: "web:1", labels } } }), request);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every value that the engine marks as a secret, from an export with secrets shown. */
export function secretsIn(value: unknown): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const { plaintext } = value as { plaintext?: string };
    if (plaintext !== undefined) {
        const secret: unknown = JSON.parse(plaintext);
        // Shorter ones are numbers and flags inside secret objects: they would be found anywhere.
        return [typeof secret === "string" ? secret : JSON.stringify(secret)].filter((text) => text.length >= 12);
    }
    return Object.values(value).flatMap(secretsIn);
}

/** Text of every file below a folder. */
export function filesBelow(folder: string): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
        .join("\n");
}

import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/** Replaces a file's text, whole or not at all, with the rights that it had. */
export function replaceFile(path: string, text: string): void {
    const draft = `${path}.${process.pid}.tmp`;
    try {
        writeFileSync(draft, text, { mode: statSync(path).mode });
        renameSync(draft, path);
    } finally {
        rmSync(draft, { force: true });
    }
}

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for files of a test. */
export function folder() {
    const path = mkdtempSync(join(tmpdir(), "sallyport-connect-"));
    return {
        write(name: string, text: string, mode = 0o600) {
            const file = join(path, name);
            writeFileSync(file, text);
            chmodSync(file, mode);
            return file;
        },
        [Symbol.dispose]: () => rmSync(path, { recursive: true }),
    };
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../toolchain/index.ts";

/** A folder of certificates with the programs that judge them. */
export interface CertificateFolder extends Disposable {
    readonly path: string;
    /** Writes a file; its whole path. */
    write(name: string, content: string | Buffer): string;
    /** Runs the real mkcert with this folder as its CAROOT. It touches no trust store. */
    mkcert(...args: string[]): Promise<void>;
    /** Runs openssl in this folder: what it printed, on both channels, whether it agreed or not. */
    openssl(...args: string[]): Promise<string>;
}

/** Makes an empty folder; mkcert is installed where it is missing. */
export async function certificateFolder(): Promise<CertificateFolder> {
    const wanted = { package: "mkcert", programs: ["mkcert"] } as const;
    const { mkcert } = await ensurePrograms(wanted, { progress: stderrProgress() });
    const path = mkdtempSync(join(tmpdir(), "sallyport-certificates-"));
    return {
        path,
        write: (name, content) => {
            const file = join(path, name);
            writeFileSync(file, content, { mode: 0o600 });
            return file;
        },
        mkcert: async (...args) => {
            await execa(mkcert, args, { cwd: path, env: { CAROOT: path } });
        },
        openssl: async (...args) => {
            const { all } = await execa("openssl", args, { cwd: path, reject: false, all: true });
            return all;
        },
        [Symbol.dispose]: () => rmSync(path, { recursive: true }),
    };
}

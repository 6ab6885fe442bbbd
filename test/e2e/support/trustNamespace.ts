import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectDir } from "../../../cli/project.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../toolchain/index.ts";

/** What a program said, and whether it agreed. */
export interface Ran {
    readonly exitCode: number | undefined;
    readonly stdout: string;
    /** Both channels. */
    readonly all: string;
}

/** A machine whose trust stores can be changed: this one, with others in the place of its own in a mount namespace, and a user of its own. */
export interface TrustNamespace extends AsyncDisposable {
    /** The user's database of Chromium's kind, empty at first. */
    readonly browser: string;
    /** Runs a program in it, whatever it says. */
    run(program: string, ...args: string[]): Promise<Ran>;
    /** Runs `sallyport` in it. */
    sallyport(...args: string[]): Promise<Ran>;
}

/** Over what `update-ca-certificates` reads and writes, with one public authority instead of a hundred, until the namespace goes with its last process. */
const COPY_STORES = `
set -e
mkdir "$1/ssl" "$1/ssl/certs" "$1/local"
cp -a /etc/ssl/openssl.cnf "$1/ssl" && mount --bind "$1/ssl" /etc/ssl
mount --bind "$1/local" /usr/local/share/ca-certificates
grep -m 1 '^[^#!]' /etc/ca-certificates.conf > "$1/conf" && mount --bind "$1/conf" /etc/ca-certificates.conf
echo ready
exec cat`;

/** Takes root on Debian or Ubuntu; installs what is missing. */
export async function trustNamespace(): Promise<TrustNamespace> {
    const progress = stderrProgress();
    await ensurePrograms({ package: "ca-certificates", programs: ["update-ca-certificates"] }, { progress });
    const { certutil } = await ensurePrograms({ package: "libnss3-tools", programs: ["certutil"] }, { progress });
    const folder = mkdtempSync(join(tmpdir(), "sallyport-trust-"));
    const home = join(folder, "home");
    const browser = join(home, ".pki", "nssdb");
    mkdirSync(browser, { recursive: true });
    await execa(certutil, ["-N", "-d", `sql:${browser}`, "--empty-password"]);

    const args = ["--mount", "--propagation", "private", "--", "sh", "-c", COPY_STORES, "sh", folder];
    const holder = spawn("unshare", args, { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(holder, "exit");
    await Promise.race([
        once(holder.stdout, "data"),
        ended.then(() => Promise.reject(new Error("no mount namespace"))),
    ]);
    const env = { HOME: home, SALLYPORT_HOME: join(folder, "sallyport") };
    const run = async (program: string, ...rest: string[]): Promise<Ran> => {
        const { exitCode, stdout, all } = await execa(
            "nsenter",
            [`--target=${holder.pid}`, "--mount", "--", program, ...rest],
            {
                env,
                cwd: projectDir,
                reject: false,
                all: true,
                stdin: "ignore",
            },
        );
        return { exitCode, stdout, all };
    };
    return {
        browser,
        run,
        sallyport: (...rest) => run(process.execPath, join(projectDir, "cli", "bin.js"), ...rest),
        [Symbol.asyncDispose]: async () => {
            holder.stdin.end();
            await ended;
            rmSync(folder, { recursive: true });
        },
    };
}

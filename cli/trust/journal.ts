import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sallyportHome } from "../../toolchain/index.ts";
import { type Authority, authoritiesIn } from "./authority.ts";
import type { Through } from "./through.ts";

/** An authority that was installed from here: what it takes to undo that when its stack is long gone. */
export interface Installed {
    readonly authority: Authority;
    /** Where it came from: a stack's name, or a file. */
    readonly from: string;
    readonly through: Through;
    /** Folder of its own, which is a CAROOT of mkcert's without a key. */
    readonly folder: string;
}

const CERTIFICATE = "rootCA.pem";
const NOTE = "installed.json";

/** Its certificate as a file, for the programs that take one. */
export function certificateFile({ folder }: Pick<Installed, "folder">): string {
    return join(folder, CERTIFICATE);
}

/** Everything that was installed from here and not removed since. */
export function installedAuthorities(): Installed[] {
    let names: string[];
    try {
        names = readdirSync(trustFolder());
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    }
    return names.toSorted().map((name) => {
        const folder = join(trustFolder(), name);
        const { from, through } = JSON.parse(readFileSync(join(folder, NOTE), "utf8")) as Pick<
            Installed,
            "from" | "through"
        >;
        const [authority] = authoritiesIn(readFileSync(join(folder, CERTIFICATE), "utf8"), folder);
        return { authority: authority as Authority, from, through, folder };
    });
}

/** Notes that an authority is about to be installed: before, so that an interrupted installation can be undone. */
export function note(authority: Authority, from: string, through: Through): Installed {
    const folder = join(trustFolder(), authority.fingerprint);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, CERTIFICATE), authority.certificate.toString());
    writeFileSync(join(folder, NOTE), `${JSON.stringify({ from, through }, null, 2)}\n`);
    return { authority, from, through, folder };
}

/** Forgets one that was removed. */
export function forget({ folder }: Installed): void {
    rmSync(folder, { recursive: true });
}

function trustFolder(): string {
    return join(sallyportHome(), "trust");
}

import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMap, parse, parseDocument } from "yaml";

export interface ShadowOptions {
    /** Folder with the real `Pulumi.yaml`. */
    projectDir: string;
    /** Folder to make the shadow in. */
    folder: string;
    stack: string;
    /** Text of the stack file, without the salt of a passphrase. */
    stackFile: string;
}

/**
 * A folder that is the same project to the engine, with a stack file of its own.
 *
 * The engine writes into the stack file: the salt of the passphrase, and its own idea of quoting. A committed file must not
 * change because somebody tried the project, so the engine is shown this folder.
 *
 * @returns the folder, to use as the engine's working directory.
 */
export function shadowProject({ projectDir, folder, stack, stackFile }: ShadowOptions): string {
    shadowFolder({ projectDir, folder });
    return shadowStack({ folder, stack, stackFile });
}

/**
 * Makes the folder alone: `Pulumi.yaml` as a copy, everything else as links. State does not tell the two apart: resource names carry the
 * project's name, not its path. Nothing may run in the folder meanwhile, since the links are made anew.
 *
 * @param main path of the program that stacks in this folder run; the project's own where omitted.
 */
export function shadowFolder({
    projectDir,
    folder,
    main,
}: Pick<ShadowOptions, "projectDir" | "folder"> & { main?: string }) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const project = parseDocument(readFileSync(join(projectDir, "Pulumi.yaml"), "utf8"));
    if (main !== undefined) {
        // The engine takes a program from below the project alone.
        link(dirname(main), join(folder, PROGRAM));
        project.set("main", `${PROGRAM}/${basename(main)}`);
        // What the project's own program asks of a stack file, another one does not.
        project.delete("config");
    }
    writeFileSync(join(folder, "Pulumi.yaml"), project.toString());
    for (const entry of readdirSync(projectDir).filter((name) => name === OWN || !/^(\.|Pulumi\.)/.test(name))) {
        link(join(projectDir, entry), join(folder, entry));
    }
}

/** What a stack file names by its path below the project may lie in there. */
const OWN = ".sallyport";

/** Where a shadow has a program from elsewhere. */
const PROGRAM = ".program";

function link(target: string, path: string): void {
    rmSync(path, { force: true });
    symlinkSync(target, path);
}

/** Writes a stack file into such a folder. */
export function shadowStack({ folder, stack, stackFile }: Omit<ShadowOptions, "projectDir">): string {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const document = parseDocument(stackFile);
    const salt = saltOf(file);
    if (isMap(document.contents)) {
        // A salt in the real file belongs to another passphrase.
        document.delete("encryptionsalt");
        if (salt !== undefined) {
            document.set("encryptionsalt", salt);
        }
    }
    writeFileSync(file, document.toString(), { mode: 0o600 });
    return folder;
}

/** The salt that the engine left in a shadow's stack file when it made the stack. */
export function saltOf(file: string): string | undefined {
    try {
        return (parse(readFileSync(file, "utf8")) as { encryptionsalt?: string } | null)?.encryptionsalt;
    } catch {
        return undefined;
    }
}

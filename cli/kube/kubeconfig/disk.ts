import {
    chownSync,
    closeSync,
    fsyncSync,
    mkdirSync,
    openSync,
    readdirSync,
    readFileSync,
    realpathSync,
    renameSync,
    rmSync,
    type Stats,
    statSync,
    writeFileSync,
} from "node:fs";

/** The few things that are done to files here, each whole by itself: so a test can end the process between any two of them. */
export interface Disk {
    /** Undefined where there is no such file. */
    read(path: string): Buffer | undefined;
    stat(path: string): Stats | undefined;
    /** Where links lead; undefined where there is nothing. */
    realPath(path: string): string | undefined;
    /** Names in a folder; none where it is not there. */
    list(folder: string): string[];
    /** Makes a file that is not there yet, safely stored. @throws with code EEXIST where it is. */
    create(path: string, content: Buffer | string, mode: number): void;
    own(path: string, uid: number, gid: number): void;
    rename(from: string, to: string): void;
    /** Nothing happens where it is gone already. */
    remove(path: string): void;
    makeFolder(path: string): void;
}

export const realDisk: Disk = {
    read: (path) => ifThere(() => readFileSync(path)),
    stat: (path) => statSync(path, { throwIfNoEntry: false }),
    realPath: (path) => ifThere(() => realpathSync(path)),
    list: (folder) => ifThere(() => readdirSync(folder)) ?? [],
    create(path, content, mode) {
        const file = openSync(path, "wx", mode);
        try {
            writeFileSync(file, content);
            fsyncSync(file);
        } finally {
            closeSync(file);
        }
    },
    own: chownSync,
    rename: renameSync,
    remove: (path) => rmSync(path, { force: true }),
    makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
};

function ifThere<T>(look: () => T): T | undefined {
    try {
        return look();
    } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) {
            return undefined;
        }
        throw error;
    }
}

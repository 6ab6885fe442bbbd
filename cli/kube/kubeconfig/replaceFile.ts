import type { Stats } from "node:fs";
import { dirname } from "node:path";
import type { Disk } from "./disk.ts";
import { UneditableKubeconfig } from "./document.ts";

const NEW_FILE_MODE = 0o600;

/** Where a new content is written before it takes the file's place; not there before. One name, so that a run after a crash finds what is left. */
export const besides = (realFile: string): string => `${realFile}.sallyport`;

/**
 * Puts a new content in a file's place, in one step, with the same mode and owner: a reader sees the old content or the new one.
 *
 * @param before content that the new one was made from; undefined where there was no file
 * @param after undefined removes the file
 * @returns false, with nothing changed, where the file has another content by now
 * @throws UneditableKubeconfig when it may not be replaced
 */
export function replaceFile(
    disk: Disk,
    realFile: string,
    before: Buffer | undefined,
    after: Buffer | undefined,
): boolean {
    const temporary = besides(realFile);
    const stat = disk.stat(realFile);
    if (after !== undefined) {
        disk.makeFolder(dirname(realFile));
        disk.create(temporary, after, stat === undefined ? NEW_FILE_MODE : stat.mode & 0o7777);
        keepOwner(disk, temporary, stat);
    }
    if (!isSame(disk.read(realFile), before)) {
        disk.remove(temporary);
        return false;
    }
    if (after === undefined) {
        disk.remove(realFile);
    } else {
        disk.rename(temporary, realFile);
    }
    return true;
}

/** @throws UneditableKubeconfig where the file is there to be read alone, or has further names that would go on with the old content. */
export function refuseIfNotReplaceable(stat: Stats | undefined): void {
    // root may write anything; what says "read-only" is meant to stay as it is all the same.
    if (stat !== undefined && (stat.mode & 0o222) === 0) {
        throw new UneditableKubeconfig("is read-only");
    }
    if (stat !== undefined && stat.nlink > 1) {
        throw new UneditableKubeconfig("has another name by a hard link, which would go on with the old content");
    }
}

function keepOwner(disk: Disk, temporary: string, stat: Stats | undefined): void {
    const made = disk.stat(temporary);
    if (stat === undefined || made === undefined || (stat.uid === made.uid && stat.gid === made.gid)) {
        return;
    }
    try {
        disk.own(temporary, stat.uid, stat.gid);
    } catch (error) {
        disk.remove(temporary);
        throw new UneditableKubeconfig("belongs to somebody else", { cause: error });
    }
}

export function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
    return one === undefined || other === undefined ? one === other : one.equals(other);
}

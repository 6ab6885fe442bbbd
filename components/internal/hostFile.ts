/** The owner of what everybody may read. */
export const ROOT = "0:0";

/** A file to put onto the machine. */
export interface HostFile {
    /** Absolute path. */
    path: string;
    /** Permissions, octal: `0644`. */
    mode: string;
    /** Numeric user and group: `0:0`. */
    owner: string;
    /** The whole text. */
    content: string;
}

/** A file that everybody on the machine may read. */
export function readable(path: string, content: string): HostFile {
    return { path, mode: "0644", owner: ROOT, content };
}

/** A file that nobody but its owner may read. */
export function ownerOnly(path: string, owner: string, content: string): HostFile {
    return { path, mode: "0400", owner, content };
}

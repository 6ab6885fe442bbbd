import type { HostFile } from "../internal/hostFile.ts";

/** What is to be put onto one machine. */
export interface NodeFiles {
    /** Name of the machine in the federation. */
    node: string;
    files: HostFile[];
}

/** The same, and how it is started. */
export interface MeshHost extends NodeFiles {
    /** Command to run once the files are there, and after each change to them. */
    start: string;
}

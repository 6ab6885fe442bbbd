import { existsSync, readFileSync } from "node:fs";

/** What decides how programs get onto this machine, and how services are started on it. */
export interface Host {
    readonly platform: NodeJS.Platform;
    /** Whether this process is root. */
    readonly root: boolean;
    /** Whether systemd runs the machine's services. */
    readonly systemd: boolean;
    /** Whether the distribution is Debian, Ubuntu or made from one of them (`ID` and `ID_LIKE` of os-release). */
    readonly debian: boolean;
}

/** Looks at this machine. */
export function inspectHost(): Host {
    return {
        platform: process.platform,
        root: process.getuid?.() === 0,
        // The test that sd_booted(3) documents.
        systemd: existsSync("/run/systemd/system"),
        debian: isDebian(existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : ""),
    };
}

/** Whether an os-release file (freedesktop.org's os-release(5)) names Debian, Ubuntu or a child of theirs. */
export function isDebian(osRelease: string): boolean {
    const values = [...osRelease.matchAll(/^(?:ID|ID_LIKE)=(.*)$/gm)].map(([, value]) => value ?? "");
    return values.some((value) => /\b(debian|ubuntu)\b/.test(value));
}

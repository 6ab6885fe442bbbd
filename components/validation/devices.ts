/** Says what is wrong with the version of an operating system that a device must have, or nothing. */
export function osVersionProblem(version: string): string | undefined {
    return /^\d+\.\d+\.\d+$/.test(version)
        ? undefined
        : `${JSON.stringify(version)} is not a version in three parts. Write one such as "14.2.0".`;
}

/** Says what is wrong with a SHA-256 digest in hexadecimal, or nothing. */
export function sha256Problem(digest: string): string | undefined {
    return digestProblem(digest, 64, "SHA-256");
}

/** Says what is wrong with a SHA-1 thumbprint in hexadecimal, or nothing. */
export function sha1Problem(digest: string): string | undefined {
    return digestProblem(digest, 40, "SHA-1");
}

/** Says what is wrong with a number of whole days, or nothing. */
export function daysProblem(days: number): string | undefined {
    return Number.isInteger(days) && days >= 1 ? undefined : `${days} is not a number of days. Write 1 or more.`;
}

function digestProblem(digest: string, length: number, algorithm: string): string | undefined {
    const fits = new RegExp(`^[0-9a-f]{${length}}$`).test(digest);
    return fits ? undefined : `is not a digest by ${algorithm}. Write ${length} hexadecimal digits in lower case.`;
}

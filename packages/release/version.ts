/** Makes the next version out of the changesets: `npm run release:version`. What it changes is for a pull request. */
import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { reportFailure } from "../../cli/ui/failure.ts";
import { type Change, released } from "./changelog.ts";

/** What `changeset status` writes. */
interface Status {
    readonly changesets: readonly {
        readonly summary: string;
        readonly releases: readonly { readonly type: Change["kind"] | "none" }[];
    }[];
    readonly releases: readonly { readonly newVersion: string }[];
}

/** What carries the version beside the root's manifest, which changesets writes. */
const ALSO = ["policy/package.json", "package-lock.json"];

/**
 * Takes the changesets: the version in every manifest and the lock file, their texts into `CHANGELOG.md`.
 *
 * @param root folder of the repository.
 * @returns the new version; undefined where there is no changeset.
 */
export async function nextVersion(root: string): Promise<string | undefined> {
    const { changesets, releases } = await statusOf(root);
    const version = releases[0]?.newVersion;
    if (version === undefined) return undefined;
    await changeset(root, "version");
    for (const file of ALSO) await setVersion(join(root, file), version);
    const changes = changesets.flatMap(({ summary, releases: [release] }) =>
        release === undefined || release.type === "none" ? [] : [{ kind: release.type, summary }],
    );
    const log = join(root, "CHANGELOG.md");
    await writeFile(log, released(await readFile(log, "utf8"), version, changes));
    return version;
}

async function statusOf(root: string): Promise<Status> {
    await using work = await mkdtempDisposable(join(tmpdir(), "sallyport-status-"));
    const file = join(work.path, "status.json");
    // It takes a path below the repository's folder alone.
    await changeset(root, "status", `--output=${relative(root, file)}`);
    return JSON.parse(await readFile(file, "utf8")) as Status;
}

async function changeset(root: string, ...args: string[]): Promise<void> {
    await execa("changeset", args, { cwd: root, preferLocal: true, localDir: import.meta.dirname, stdin: "ignore" });
}

interface Versioned {
    version: string;
    /** Of a lock file: the project itself is the one without a name. */
    packages?: { "": { version: string } };
}

async function setVersion(file: string, version: string): Promise<void> {
    const content = JSON.parse(await readFile(file, "utf8")) as Versioned;
    content.version = version;
    if (content.packages !== undefined) content.packages[""].version = version;
    await writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

if (import.meta.main) {
    try {
        const version = await nextVersion(join(import.meta.dirname, "../.."));
        process.stdout.write(`${version ?? "no changeset: the version stays"}\n`);
    } catch (error) {
        process.exitCode = reportFailure(error);
    }
}

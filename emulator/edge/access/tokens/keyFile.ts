import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type KeptKey, keep, type SigningKey, unkeep } from "./signingKey.ts";

const fileName = "access-keys.json";

const contents = z.strictObject({
    keys: z
        .array(
            z.strictObject({
                kid: z.string().min(1),
                privateKeyPem: z.string().min(1),
                jwk: z.object({ kty: z.literal("RSA"), n: z.string(), e: z.string() }).loose(),
                certificate: z.string().min(1),
                since: z.number().optional(),
            }),
        )
        .min(1),
});

/** The kept signing keys cannot be used; the message names the file and what to do about it. */
export class AccessKeyError extends Error {
    override readonly name = "AccessKeyError";
}

/** Keeps the keys that sign Access tokens, readable by their owner only, so that a session outlives a restart of the edge. */
export class KeyFile {
    readonly #stateDir: string;
    readonly #path: string;

    constructor(stateDir: string) {
        this.#stateDir = stateDir;
        this.#path = join(stateDir, fileName);
    }

    /** The kept keys; none when there is no file. @throws AccessKeyError when it is damaged or readable by others. */
    async read(): Promise<SigningKey[]> {
        const text = await this.#text();
        if (text === undefined) {
            return [];
        }
        try {
            const { keys } = contents.parse(JSON.parse(text));
            return await Promise.all(keys.map((key) => unkeep(key as KeptKey)));
        } catch (cause) {
            throw new AccessKeyError(
                `${this.#path}: not whole keys of ours; delete the file, and everybody logs in once more`,
                { cause },
            );
        }
    }

    /** Replaces what is kept, whole or not at all. */
    async write(keys: readonly SigningKey[]): Promise<void> {
        await mkdir(this.#stateDir, { recursive: true, mode: 0o700 });
        const draft = `${this.#path}.${process.pid}.tmp`;
        try {
            await writeFile(draft, JSON.stringify({ keys: await Promise.all(keys.map(keep)) }), { mode: 0o600 });
            await rename(draft, this.#path);
        } finally {
            await rm(draft, { force: true });
        }
    }

    async #text(): Promise<string | undefined> {
        try {
            const { mode } = await stat(this.#path);
            if ((mode & 0o077) !== 0) {
                throw new AccessKeyError(
                    `${this.#path}: private keys that others can read (mode ${(mode & 0o777).toString(8)}); ` +
                        `run "chmod 600 ${this.#path}", or delete it if somebody may have copied it`,
                );
            }
            return await readFile(this.#path, "utf8");
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") {
                return undefined;
            }
            throw error;
        }
    }
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readPrivateFile, writePrivateFile } from "../../../privateFile.ts";
import { AccessStateError } from "../stateError.ts";
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

/** Keeps the keys that sign Access tokens, readable by their owner only, so that a session outlives a restart of the edge. */
export class KeyFile {
    readonly #stateDir: string;
    readonly #path: string;

    constructor(stateDir: string) {
        this.#stateDir = stateDir;
        this.#path = join(stateDir, fileName);
    }

    /** The kept keys; none when there is no file. @throws AccessStateError when it is damaged or readable by others. */
    async read(): Promise<SigningKey[]> {
        const refuse = (problem: string) => new AccessStateError(problem);
        const text = await readPrivateFile(this.#path, "private keys", refuse);
        if (text === undefined) {
            return [];
        }
        try {
            const { keys } = contents.parse(JSON.parse(text));
            return await Promise.all(keys.map((key) => unkeep(key as KeptKey)));
        } catch (cause) {
            throw new AccessStateError(
                `${this.#path}: not whole keys of ours; delete the file, and everybody logs in once more`,
                { cause },
            );
        }
    }

    /** Replaces what is kept, whole or not at all. */
    async write(keys: readonly SigningKey[]): Promise<void> {
        await mkdir(this.#stateDir, { recursive: true, mode: 0o700 });
        await writePrivateFile(this.#path, JSON.stringify({ keys: await Promise.all(keys.map(keep)) }));
    }
}

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readPrivateFile, writePrivateFile } from "../../../privateFile.ts";
import { AccessStateError } from "../stateError.ts";
import type { KeptSession } from "./sessions.ts";

const fileName = "access-sessions.json";

const texts = z.array(z.string());
const contents = z.strictObject({
    sessions: z.array(
        z.strictObject({
            id: z.string().regex(/^[\w-]{43}$/),
            identity: z.strictObject({
                userId: z.string(),
                email: z.string(),
                name: z.string().optional(),
                provider: z.strictObject({ id: z.string(), type: z.string(), name: z.string() }),
                groups: texts,
                claims: z.record(z.string(), texts),
                authMethods: texts,
                authContexts: texts.optional(),
                devicePosture: texts,
                country: z.string().optional(),
                ip: z.string(),
                loggedInAt: z.iso.datetime().transform((text) => new Date(text)),
            }),
            justifications: z
                .array(z.strictObject({ aud: z.string(), policyId: z.string(), text: z.string(), until: z.number() }))
                .default([]),
            expires: z.number(),
            keptUntil: z.number(),
        }),
    ),
});

/** Keeps who is logged in, readable by its owner only, so that a restart of the edge logs nobody out. */
export class SessionFile {
    readonly #stateDir: string;
    readonly #path: string;

    constructor(stateDir: string) {
        this.#stateDir = stateDir;
        this.#path = join(stateDir, fileName);
    }

    /** The kept sessions; none when there is no file. @throws AccessStateError when it is damaged or readable by others. */
    async read(): Promise<KeptSession[]> {
        const refuse = (problem: string) => new AccessStateError(problem);
        const text = await readPrivateFile(this.#path, "logins", refuse);
        if (text === undefined) {
            return [];
        }
        try {
            return contents.parse(JSON.parse(text)).sessions;
        } catch (cause) {
            throw new AccessStateError(
                `${this.#path}: not whole sessions of ours; delete the file, and everybody logs in once more`,
                { cause },
            );
        }
    }

    /** Replaces what is kept, whole or not at all. */
    async write(sessions: readonly KeptSession[]): Promise<void> {
        await mkdir(this.#stateDir, { recursive: true, mode: 0o700 });
        await writePrivateFile(this.#path, JSON.stringify({ sessions }));
    }
}

import type { JWK } from "jose";
import { KeyFile } from "./keyFile.ts";
import { newSigningKey, type SigningKey } from "./signingKey.ts";

const dayMs = 86_400_000;
/** How long a key signs, and how long it is still served after the next one took over (DOCS validating-json). */
const signingTimeMs = 42 * dayMs;
const graceMs = 7 * dayMs;

export interface KeyRingOptions {
    /** Name that the keys' certificates carry. */
    readonly issuerName: string;
    readonly clock: () => Date;
    /** Folder that keeps the keys; without it they are forgotten with the object. */
    readonly stateDir?: string | undefined;
}

/**
 * The keys that sign Access tokens: one that signs, the one that comes next (so that verifiers have it before it is used), and
 * for seven days the one before. The clock turns it: whoever asks six weeks later gets the next key.
 */
export class KeyRing {
    readonly #issuerName: string;
    readonly #clock: () => Date;
    readonly #file: KeyFile | undefined;
    /** Oldest first; the last but one signs. */
    #keys: readonly SigningKey[];
    #rotation: Promise<void> | undefined;

    private constructor({ issuerName, clock }: KeyRingOptions, file: KeyFile | undefined, keys: readonly SigningKey[]) {
        this.#issuerName = issuerName;
        this.#clock = clock;
        this.#file = file;
        this.#keys = keys;
    }

    /** @throws AccessStateError when the kept keys cannot be used. */
    static async open(options: KeyRingOptions): Promise<KeyRing> {
        const file = options.stateDir === undefined ? undefined : new KeyFile(options.stateDir);
        const kept = (await file?.read()) ?? [];
        if (kept.length >= 2) {
            return new KeyRing(options, file, kept);
        }
        const now = options.clock();
        const [first, next] = await Promise.all([
            newSigningKey(options.issuerName, now),
            newSigningKey(options.issuerName, now),
        ]);
        const keys = [{ ...first, since: now.getTime() }, next];
        await file?.write(keys);
        return new KeyRing(options, file, keys);
    }

    /** The key that signs now; turns the ring first when that is due. */
    async signingKey(): Promise<SigningKey> {
        if (this.#now() - (this.#current().since ?? 0) >= signingTimeMs) {
            await this.rotate();
        }
        return this.#current();
    }

    /** What verifiers may trust now, in the order in which the keys sign. */
    published(): readonly SigningKey[] {
        const now = this.#now();
        return this.#keys.filter((_, i) => {
            const successor = this.#keys[i + 1];
            return successor?.since === undefined || now - successor.since < graceMs;
        });
    }

    /** The public halves, for a verifier (RFC 7517). */
    keySet(): { keys: JWK[] } {
        return { keys: this.published().map(({ jwk }) => jwk) };
    }

    /** Lets the next key sign from now on. Callers that come while it turns wait for the same turn. */
    rotate(): Promise<void> {
        this.#rotation ??= this.#turn().finally(() => {
            this.#rotation = undefined;
        });
        return this.#rotation;
    }

    async #turn(): Promise<void> {
        const fresh = await newSigningKey(this.#issuerName, this.#clock());
        const turned = this.#keys.map((key, i) => (i === this.#keys.length - 1 ? { ...key, since: this.#now() } : key));
        const keys = [...turned, fresh];
        await this.#file?.write(keys);
        this.#keys = keys;
        this.#keys = this.published();
    }

    #current(): SigningKey {
        const key = this.#keys.at(-2);
        if (key === undefined) {
            throw new Error("A key ring holds two keys at least.");
        }
        return key;
    }

    #now(): number {
        return this.#clock().getTime();
    }
}

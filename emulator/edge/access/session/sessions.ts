import { createHash, randomBytes } from "node:crypto";
import type { DirectoryPolicy } from "../../../accessDirectory.ts";
import { LatestWrite } from "../../../latestWrite.ts";
import type { Identity } from "../policy/subject.ts";
import { hashOf } from "./loginState.ts";
import { SessionFile } from "./sessionFile.ts";

/** Why somebody says they enter an application, where the policy that lets them in asks. */
export interface Justification {
    readonly aud: string;
    readonly policyId: string;
    readonly text: string;
    /** In milliseconds since 1970: as long as the application's token that it was given for. */
    readonly until: number;
}

/** Somebody who has logged in. The token in their browser only carries the key to it. */
export interface Session {
    /** `identity_nonce` of the tokens. */
    readonly nonce: string;
    readonly identity: Identity;
    /** In milliseconds since 1970; the organization's session duration after the login. */
    readonly expires: number;
    readonly justifications: readonly Justification[];
}

/** A session as it is kept: not the nonce, only its hash, so that what is kept opens nothing. */
export interface KeptSession extends Omit<Session, "nonce"> {
    readonly id: string;
    /** When the last of its tokens ends. An application's may outlive the organization's. */
    readonly keptUntil: number;
}

/** Far beyond what one machine's testers need; the oldest go first. */
const maximumSessions = 1000;

export interface SessionsOptions {
    readonly clock: () => Date;
    /** Folder that keeps them; without it they are forgotten with the object, and everybody has to log in again. */
    readonly stateDir?: string | undefined;
}

/** Who is logged in. Whatever changes it resolves once the change is kept. */
export class Sessions {
    readonly #clock: () => Date;
    readonly #sessions: Map<string, KeptSession>;
    readonly #writing: LatestWrite;

    private constructor(clock: () => Date, kept: readonly KeptSession[], file: SessionFile | undefined) {
        this.#clock = clock;
        this.#sessions = new Map(kept.map((session) => [session.id, session]));
        this.#writing = new LatestWrite(async () => file?.write([...this.#sessions.values()]));
    }

    /** @throws AccessStateError when the kept sessions cannot be used. */
    static async load({ clock, stateDir }: SessionsOptions): Promise<Sessions> {
        const file = stateDir === undefined ? undefined : new SessionFile(stateDir);
        return new Sessions(clock, (await file?.read()) ?? [], file);
    }

    /** @param lifetimeMs how long tokens for it may be given out. */
    async open(identity: Identity, lifetimeMs: number): Promise<Session> {
        const nonce = randomBytes(12).toString("base64url");
        const expires = this.#clock().getTime() + lifetimeMs;
        const id = hashOf(nonce);
        this.#sessions.set(id, { id, identity, expires, justifications: [], keptUntil: expires });
        await this.#keep();
        return { nonce, identity, expires, justifications: [] };
    }

    /** The session, unless somebody has logged out of it. How long it lasts is what its tokens say. */
    get(nonce: unknown): Session | undefined {
        if (typeof nonce !== "string") {
            return undefined;
        }
        const kept = this.#sessions.get(hashOf(nonce));
        if (kept === undefined) {
            return undefined;
        }
        const { identity, expires, justifications } = kept;
        return { nonce, identity, expires, justifications };
    }

    /** Keeps why somebody enters an application, in the place of what they said there before. */
    async justify(nonce: string, justification: Justification): Promise<void> {
        const id = hashOf(nonce);
        const kept = this.#sessions.get(id);
        if (kept !== undefined) {
            const { aud, policyId } = justification;
            const others = kept.justifications.filter((one) => one.aud !== aud || one.policyId !== policyId);
            this.#sessions.set(id, { ...kept, justifications: [...others, justification] });
            await this.#keep();
        }
    }

    /** Keeps a session as long as a token that was given out for it. */
    async keepUntil(nonce: string, time: number): Promise<void> {
        const id = hashOf(nonce);
        const kept = this.#sessions.get(id);
        if (kept !== undefined && kept.keptUntil < time) {
            this.#sessions.set(id, { ...kept, keptUntil: time });
            await this.#keep();
        }
    }

    /** Logs out: every token of the session is worth nothing from now on. */
    async end(nonce: unknown): Promise<void> {
        if (typeof nonce === "string" && this.#sessions.delete(hashOf(nonce))) {
            await this.#keep();
        }
    }

    /** Lets go of those that are over and those that are too many, and waits until the rest is kept. */
    #keep(): Promise<void> {
        const now = this.#clock().getTime();
        const over = [...this.#sessions.values()].filter(({ keptUntil }) => keptUntil <= now);
        const tooMany = [...this.#sessions.values()].slice(0, Math.max(0, this.#sessions.size - maximumSessions));
        for (const { id } of [...over, ...tooMany]) {
            this.#sessions.delete(id);
        }
        this.#writing.schedule();
        return this.#writing.done();
    }
}

/** Whether a policy that lets somebody in still asks them why. */
export function asksWhy(
    policy: DirectoryPolicy | undefined,
    aud: string,
    { justifications }: Pick<Session, "justifications">,
    now: Date,
): boolean {
    return (
        policy?.purpose_justification_required === true &&
        !justifications.some(
            (given) => given.aud === aud && given.policyId === policy.id && given.until > now.getTime(),
        )
    );
}

/** A UUID that is the same for the same address, as `sub` is for one person in one account. */
export function userIdOf(email: string, accountName: string): string {
    const hex = createHash("sha256").update(`${accountName}\n${email.toLowerCase()}`).digest("hex");
    const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

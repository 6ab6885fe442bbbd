import { createHash, randomBytes } from "node:crypto";
import type { Identity } from "../policy/subject.ts";

/** Somebody who has logged in. The token in their browser only carries the key to it. */
export interface Session {
    /** `identity_nonce` of the tokens. */
    readonly nonce: string;
    readonly identity: Identity;
    /** In milliseconds since 1970; the organization's session duration after the login. */
    readonly expires: number;
}

/** Far beyond what one machine's testers need; the oldest go first. */
const maximumSessions = 10_000;

/** Who is logged in, in memory: a restart of the edge logs everybody out. */
export class Sessions {
    readonly #clock: () => Date;
    readonly #sessions = new Map<string, Session>();

    constructor(clock: () => Date) {
        this.#clock = clock;
    }

    /** @param lifetimeMs how long tokens for it may be given out. */
    open(identity: Identity, lifetimeMs: number): Session {
        const [oldest] = this.#sessions.keys();
        if (oldest !== undefined && this.#sessions.size >= maximumSessions) {
            this.#sessions.delete(oldest);
        }
        const session: Session = {
            nonce: randomBytes(12).toString("base64url"),
            identity,
            expires: this.#clock().getTime() + lifetimeMs,
        };
        this.#sessions.set(session.nonce, session);
        return session;
    }

    /** The session, unless somebody has logged out of it. How long it lasts is what its tokens say. */
    get(nonce: unknown): Session | undefined {
        return typeof nonce === "string" ? this.#sessions.get(nonce) : undefined;
    }

    /** Logs out: every token of the session is worth nothing from now on. */
    end(nonce: unknown): void {
        if (typeof nonce === "string") {
            this.#sessions.delete(nonce);
        }
    }
}

/** A UUID that is the same for the same address, as `sub` is for one person in one account. */
export function userIdOf(email: string, accountName: string): string {
    const hex = createHash("sha256").update(`${accountName}\n${email.toLowerCase()}`).digest("hex");
    const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

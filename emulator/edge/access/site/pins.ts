import { randomBytes, randomInt } from "node:crypto";
import type { Identity } from "../policy/subject.ts";
import { isSameSecret } from "../session/sameSecret.ts";

const lifetimeMs = 600_000;
const maximumAttempts = 5;
const maximumPins = 1000;

interface Pin {
    readonly pin: string;
    readonly identity: Identity;
    readonly expires: number;
    attempts: number;
}

/** One-time PINs: six digits, good for ten minutes, for five attempts and for one login. */
export class Pins {
    readonly #clock: () => Date;
    readonly #pins = new Map<string, Pin>();

    constructor(clock: () => Date) {
        this.#clock = clock;
    }

    issue(identity: Identity): { readonly id: string; readonly pin: string } {
        const [oldest] = this.#pins.keys();
        if (oldest !== undefined && this.#pins.size >= maximumPins) {
            this.#pins.delete(oldest);
        }
        const id = randomBytes(32).toString("base64url");
        const pin = randomInt(1_000_000).toString().padStart(6, "0");
        this.#pins.set(id, { pin, identity, expires: this.#clock().getTime() + lifetimeMs, attempts: 0 });
        return { id, pin };
    }

    /** Who it was issued for, when the PIN is right; `wrong` while there are attempts left, `gone` after that. */
    redeem(id: string, given: string): Identity | "wrong" | "gone" {
        const pin = this.#pins.get(id);
        if (pin === undefined || pin.expires <= this.#clock().getTime()) {
            this.#pins.delete(id);
            return "gone";
        }
        pin.attempts += 1;
        if (isSameSecret(pin.pin, given.trim())) {
            this.#pins.delete(id);
            return pin.identity;
        }
        if (pin.attempts >= maximumAttempts) {
            this.#pins.delete(id);
            return "gone";
        }
        return "wrong";
    }

    /** For the page that asks again. */
    show(id: string): { readonly pin: string; readonly email: string } | undefined {
        const pin = this.#pins.get(id);
        return pin && { pin: pin.pin, email: pin.identity.email };
    }
}

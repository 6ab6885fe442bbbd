import { z } from "zod";
import { ApiError } from "./http/apiError.ts";
import { parse } from "./http/validation.ts";
import { postureRules } from "./products/devices/postureRules.ts";
import { defineTable, type Row, type Store } from "./store/store.ts";

const facts = z.strictObject({
    devicePosture: z.array(z.string()).default([]),
    riskScore: z.enum(["low", "medium", "high", "unscored"]).optional(),
});

/** What Cloudflare finds out of a person by itself, rather than from an identity provider. */
export type PersonFacts = z.input<typeof facts>;

/** The same as it is kept. */
export interface Person extends Row {
    /** E-mail address, in lower case. */
    readonly id: string;
    /** Ids of the posture rules that the person's device passes: what the Cloudflare One client on it would report. */
    readonly devicePosture: readonly string[];
    /** What Cloudflare's risk engine makes of the person; unknown where it is left out. */
    readonly riskScore?: z.infer<typeof facts>["riskScore"];
}

const address = z.email("is not an e-mail address; write for example ann@example.com").toLowerCase();
const people = defineTable<Person>("people");

/**
 * The people whose device, or whose risk score, the emulator was told about. There is no Cloudflare One client here, and a header or
 * cookie could claim anything; so this is told by whoever holds the emulator's token, never by the person.
 */
export class People {
    readonly #store: Store;
    readonly #accountId: string;

    constructor(store: Store, accountId: string) {
        this.#store = store;
        this.#accountId = accountId;
    }

    all(): Person[] {
        return this.#table.all();
    }

    get(email: string): Person | undefined {
        return this.#table.get(email.toLowerCase());
    }

    /**
     * Says what is known of a person from now on, in the place of what was known before.
     *
     * @throws ApiError 400 with everything that is wrong, posture rules that do not exist included.
     */
    put(email: string, given: unknown): Person {
        const id = parse(address, email);
        const known = parse(facts, given);
        const unknown = known.devicePosture.filter(
            (rule) => this.#store.table(this.#accountId, postureRules).get(rule) === undefined,
        );
        if (unknown.length > 0) {
            const message = `devicePosture: there is no posture rule ${unknown.join(", ")}; write the ids of rules that exist`;
            throw new ApiError(400, { code: 400, message });
        }
        return this.#table.put({ id, ...known });
    }

    /** Knows nothing of the person any more. */
    delete(email: string): void {
        this.#table.delete(email.toLowerCase());
    }

    get #table() {
        return this.#store.table(this.#accountId, people);
    }
}

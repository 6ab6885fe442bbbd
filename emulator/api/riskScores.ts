import { z } from "zod";
import { parse } from "./http/validation.ts";
import { defineTable, type Row, type Store } from "./store/store.ts";

const given = z.strictObject({
    riskScore: z.enum(["low", "medium", "high", "unscored"], "is not low, medium, high or unscored"),
});
const address = z.email("is not an e-mail address; write for example ann@example.com").toLowerCase();

/** How risky Cloudflare takes somebody to be, in the words of the API's rule `user_risk_score`. */
export interface RiskScore extends Row, z.infer<typeof given> {
    /** E-mail address, in lower case. */
    readonly id: string;
}

const riskScores = defineTable<RiskScore>("riskScores");

/** How risky people are, as the emulator is told: it has nothing to find it out by, and there is no such call at Cloudflare. */
export class RiskScores {
    readonly #store: Store;
    readonly #accountId: string;

    constructor(store: Store, accountId: string) {
        this.#store = store;
        this.#accountId = accountId;
    }

    all(): RiskScore[] {
        return this.#table.all();
    }

    get(email: string): RiskScore | undefined {
        return this.#table.get(email.toLowerCase());
    }

    /** @throws ApiError 400 with everything that is wrong. */
    put(email: string, body: unknown): RiskScore {
        const id = parse(address, email);
        return this.#table.put({ id, ...parse(given, body) });
    }

    /** Knows nothing of the person any more. */
    delete(email: string): void {
        this.#table.delete(email.toLowerCase());
    }

    get #table() {
        return this.#store.table(this.#accountId, riskScores);
    }
}

import { randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import { z } from "zod";
import type { AccessDirectory } from "../../../accessDirectory.ts";
import { type ExternalRule, externalKey } from "../policy/externalRules.ts";
import type { ExternalAnswer, Identity } from "../policy/subject.ts";
import { Truth, truthOf } from "../policy/truth.ts";
import { fetchJson } from "../providers/fetchJson.ts";
import { address } from "../providers/settings.ts";
import { verifyForeignToken } from "../providers/signedToken.ts";
import { LoginRefusedError } from "../providers/vouched.ts";
import type { TokenIssuer } from "../tokens/tokenIssuer.ts";
import { identityDocument } from "./identityDocument.ts";

/** Long enough for a page and what it loads, short enough to change one's mind. */
const rememberedMs = 30_000;
const maximumRemembered = 1000;
const maximumBytes = 64 * 1024;
/** How long the token that is sent is good. */
const questionLifetimeMs = 60_000;

const tokenAnswer = z.looseObject({ token: z.string() });

export interface ExternalEvaluatorOptions {
    readonly directory: Pick<AccessDirectory, "organization" | "postureRules">;
    readonly tokens: TokenIssuer;
    readonly clock: () => Date;
    /** How long a service may take, in milliseconds; 5,000 by default. */
    readonly timeoutMs?: number | undefined;
}

/**
 * Asks the services of external rules about a person: `{ "token": … }` with the identity and a nonce, signed by Access, goes to the
 * evaluate URL by POST; what comes back is `{ "token": … }` with `success` and the same nonce, signed (RS256) by a key of the
 * keys URL (developers.cloudflare.com/cloudflare-one/access-controls/policies/external-evaluation).
 */
export class ExternalEvaluator {
    readonly #options: ExternalEvaluatorOptions;
    readonly #remembered = new Map<string, { readonly answer: ExternalAnswer; readonly until: number }>();
    /** Questions under way: a page that loads twenty files asks once. */
    readonly #pending = new Map<string, Promise<ExternalAnswer>>();

    constructor(options: ExternalEvaluatorOptions) {
        this.#options = options;
    }

    /** What each service says, by {@link externalKey}; all are asked side by side. One that does not answer well is Unknown. */
    async answers(rules: readonly ExternalRule[], identity: Identity): Promise<ReadonlyMap<string, ExternalAnswer>> {
        const entries = rules.map(async (rule) => [externalKey(rule), await this.#answer(rule, identity)] as const);
        return new Map(await Promise.all(entries));
    }

    #answer(rule: ExternalRule, identity: Identity): Promise<ExternalAnswer> | ExternalAnswer {
        const document = identityDocument(this.#options.directory, identity);
        // Whatever changes about the person is a new question.
        const key = JSON.stringify([externalKey(rule), document]);
        const known = this.#remembered.get(key);
        if (known !== undefined && this.#now() < known.until) {
            return known.answer;
        }
        const pending = this.#pending.get(key);
        if (pending !== undefined) {
            return pending;
        }
        const asked = this.#ask(key, rule, document).finally(() => this.#pending.delete(key));
        this.#pending.set(key, asked);
        return asked;
    }

    async #ask(key: string, rule: ExternalRule, document: object): Promise<ExternalAnswer> {
        try {
            const { success, exp = 0 } = await this.#claims(rule, document);
            const answer = { truth: truthOf(success === true) };
            if (this.#remembered.size >= maximumRemembered) {
                this.#remembered.clear();
            }
            this.#remembered.set(key, { answer, until: Math.min(this.#now() + rememberedMs, exp * 1000) });
            return answer;
        } catch (cause) {
            if (!(cause instanceof LoginRefusedError)) {
                throw cause;
            }
            return { truth: Truth.Unknown, doubt: cause.message };
        }
    }

    /** The claims of an answer that holds, a yes or a no. */
    async #claims({ evaluate_url, keys_url }: ExternalRule, document: object): Promise<JWTPayload> {
        for (const [name, url] of Object.entries({ evaluate_url, keys_url })) {
            const [issue] = address.safeParse(url).error?.issues ?? [];
            if (issue !== undefined) {
                throw new LoginRefusedError(`${name} ${issue.message}`);
            }
        }
        const { tokens, clock, timeoutMs = 5000 } = this.#options;
        const limits = { timeoutMs, maximumBytes };
        const nonce = randomBytes(24).toString("base64url");
        const claims = { identity: document, nonce };
        const token = await tokens.sign("evaluation", claims, this.#now() + questionLifetimeMs);
        const [answer, keys] = await Promise.all([
            fetchJson("the service", evaluate_url, jsonPost({ token }), limits),
            fetchJson("the key set", keys_url, {}, limits),
        ]);
        const answered = tokenAnswer.safeParse(answer);
        if (!answered.success) {
            throw new LoginRefusedError("the service answered without a token");
        }
        const payload = await verifyForeignToken(
            { what: "the answer", token: answered.data.token, keys, keysFrom: "keys_url" },
            { algorithms: ["RS256"], currentDate: clock(), requiredClaims: ["exp"] },
        );
        if (payload.nonce !== nonce) {
            throw new LoginRefusedError("the answer belongs to another question (nonce)");
        }
        if (typeof payload.success !== "boolean") {
            throw new LoginRefusedError("the answer says neither yes nor no (success)");
        }
        return payload;
    }

    #now(): number {
        return this.#options.clock().getTime();
    }
}

const jsonPost = (body: object): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
});

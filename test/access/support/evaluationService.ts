import { createServer, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { listen } from "../../../emulator/listen.ts";

/** How the service answers, where it is not as it should be. */
export interface AnswerFlaws {
    /** Claims in place of the usual ones; undefined leaves one out. */
    readonly claims?: JWTPayload;
    /** Signs with a key that the service does not publish. */
    readonly isForged?: boolean;
    /** Gives this in place of a signed answer. */
    readonly instead?: (response: ServerResponse) => void;
    /** What the keys URL gives in place of the key set. */
    readonly keys?: unknown;
}

/** A service that answers external rules, on loopback: yes for the people it knows, like Cloudflare's example of one. */
export class EvaluationService implements AsyncDisposable {
    readonly origin: string;
    /** E-mail addresses of those whom it says yes to. */
    readonly people: Set<string>;
    /** The tokens that it was sent. */
    readonly questions: string[] = [];
    flaws: AnswerFlaws = {};
    readonly #stop: () => Promise<void>;

    private constructor(origin: string, people: readonly string[], stop: () => Promise<void>) {
        this.origin = origin;
        this.people = new Set(people);
        this.#stop = stop;
    }

    static async start(clock: () => Date, ...people: string[]): Promise<EvaluationService> {
        const [own, others] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
        const keys = [{ ...(await exportJWK(own.publicKey)), kid: "one" }];
        const ready = Promise.withResolvers<EvaluationService>();
        const server = createServer(async (request, response) => {
            const service = await ready.promise;
            const { claims, isForged = false, instead, keys: otherKeys = { keys } } = service.flaws;
            if (request.url === "/keys") {
                response.end(JSON.stringify(otherKeys));
                return;
            }
            const { token } = (await json(request)) as { token: string };
            service.questions.push(token);
            if (instead !== undefined) {
                instead(response);
                return;
            }
            const { nonce, identity } = decodeJwt<{ nonce: string; identity: { email: string } }>(token);
            const now = Math.floor(clock().getTime() / 1000);
            const usual = { success: service.people.has(identity.email), iat: now, exp: now + 60, nonce };
            const answer = new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "RS256", kid: "one" });
            response.end(JSON.stringify({ token: await answer.sign((isForged ? others : own).privateKey) }));
        });
        const port = await listen(server, 0);
        const stop = async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await closed;
        };
        const service = new EvaluationService(`http://127.0.0.1:${port}`, people, stop);
        ready.resolve(service);
        return service;
    }

    /** The rule that asks it. */
    get rule() {
        return { evaluate_url: `${this.origin}/evaluate`, keys_url: `${this.origin}/keys` };
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#stop();
    }
}

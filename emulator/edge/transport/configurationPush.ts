import type { TunnelConfiguration } from "../../tunnelDirectory.ts";
import { CloseReason } from "./closeReason.ts";
import type { ConnectorSession } from "./connectorSession.ts";
import { CONNECTION_UPGRADE_HEADER, ConnectionUpgrade } from "./internalHeaders.ts";

/** Largest answer that is read; the real one is `{"lastAppliedVersion":N,"err":null}`. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What is known of the configuration on one connection's connector. */
export interface ConfigurationState {
    /** The version that the connector last confirmed to run; undefined before the first confirmation. */
    readonly acknowledgedVersion: number | undefined;
    /** Why it does not run the version pushed last; undefined when it does, or has not answered yet. */
    readonly refusal: string | undefined;
}

interface ConfigurationAnswer {
    readonly lastAppliedVersion: number;
    /** Null on success. On failure an object that says nothing: the reason stands in the connector's own log. */
    readonly err: unknown;
}

/**
 * Brings one connector to the newest configuration: one push at a time, versions in between left out.
 *
 * The connector goes on with its old configuration until it has applied the new one, and keeps it when it cannot; either
 * way it answers with the version that it runs (cloudflared's orchestration/orchestrator.go). A connector that gives no
 * usable answer is disconnected: it reconnects, and gets the configuration of that time.
 */
export class ConfigurationPush {
    readonly #session: ConnectorSession;
    readonly #timeoutMs: number;
    readonly #onAnswer: () => void;
    #wanted: TunnelConfiguration | undefined;
    #isPushing = false;
    #isFirstUnderWay = false;
    #hasAnswered = false;
    #state: ConfigurationState = { acknowledgedVersion: undefined, refusal: undefined };

    constructor(session: ConnectorSession, timeoutMs: number, onAnswer: () => void) {
        this.#session = session;
        this.#timeoutMs = timeoutMs;
        this.#onAnswer = onAnswer;
    }

    get state(): ConfigurationState {
        return this.#state;
    }

    /** True from the first push until the connector has answered one. */
    get isFirstUnderWay(): boolean {
        return this.#isFirstUnderWay;
    }

    configure(configuration: TunnelConfiguration): void {
        this.#wanted = configuration;
        this.#isFirstUnderWay ||= !this.#hasAnswered;
        if (!this.#isPushing) {
            this.#isPushing = true;
            void this.#pushUntilCurrent();
        }
    }

    async #pushUntilCurrent(): Promise<void> {
        try {
            for (let next = this.#take(); next !== undefined; next = this.#take()) {
                const answer = await this.#send(next);
                this.#hasAnswered = true;
                this.#isFirstUnderWay = false;
                this.#state = judge(answer, next.version);
                this.#onAnswer();
            }
        } catch (error) {
            this.#session.destroy(CloseReason.Unresponsive, `configuration push: ${(error as Error).message}`);
        } finally {
            this.#isPushing = false;
        }
    }

    #take(): TunnelConfiguration | undefined {
        const next = this.#session.isEnding ? undefined : this.#wanted;
        this.#wanted = undefined;
        return next;
    }

    async #send({ version, config }: TunnelConfiguration): Promise<ConfigurationAnswer> {
        const stream = this.#session.request(
            { ":method": "PUT", ":path": "/", [CONNECTION_UPGRADE_HEADER]: ConnectionUpgrade.Configuration },
            false,
        );
        const deadline = setTimeout(
            () => stream.destroy(new Error(`no answer within ${this.#timeoutMs} ms`)),
            this.#timeoutMs,
        );
        try {
            stream.end(JSON.stringify({ version, config }));
            const chunks: Buffer[] = [];
            let length = 0;
            for await (const chunk of stream as AsyncIterable<Buffer>) {
                length += chunk.length;
                if (length > MAX_ANSWER_BYTES) {
                    throw new Error(`answer of more than ${MAX_ANSWER_BYTES} bytes`);
                }
                chunks.push(chunk);
            }
            return parseAnswer(Buffer.concat(chunks).toString("utf8"));
        } finally {
            clearTimeout(deadline);
        }
    }
}

function judge({ lastAppliedVersion, err }: ConfigurationAnswer, pushed: number): ConfigurationState {
    // Before its first configuration cloudflared says -1.
    const acknowledgedVersion = lastAppliedVersion < 0 ? undefined : lastAppliedVersion;
    if (lastAppliedVersion === pushed) {
        return { acknowledgedVersion, refusal: undefined };
    }
    if (lastAppliedVersion > pushed) {
        const refusal =
            `the connector runs version ${lastAppliedVersion} already and takes no lower one than that (${pushed}); ` +
            "restart the connector, or raise the version by storing the configuration again";
        return { acknowledgedVersion, refusal };
    }
    const reason = err === null ? "no reason given" : "the reason is in the connector's log";
    return { acknowledgedVersion, refusal: `the connector did not take version ${pushed}; ${reason}` };
}

function parseAnswer(text: string): ConfigurationAnswer {
    let answer: unknown;
    try {
        answer = JSON.parse(text);
    } catch {
        throw new Error("answer is not JSON");
    }
    const { lastAppliedVersion, err = null } = (answer ?? {}) as Partial<ConfigurationAnswer>;
    if (typeof lastAppliedVersion !== "number" || !Number.isInteger(lastAppliedVersion)) {
        throw new Error("answer without lastAppliedVersion");
    }
    return { lastAppliedVersion, err };
}

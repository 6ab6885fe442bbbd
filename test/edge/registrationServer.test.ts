import { describe, expect, it } from "vitest";
import type { StructBuilder } from "../../emulator/edge/rpc/builder.ts";
import type { RegistrationOutcome } from "../../emulator/edge/rpc/registration.ts";
import { RegistrationServer } from "../../emulator/edge/rpc/registrationServer.ts";
import {
    type Answer,
    AnswerReader,
    abort,
    bootstrap,
    call,
    finish,
    ofKind,
    REQUEST,
    registerConnection,
    release,
    unregisterConnection,
    updateLocalConfiguration,
} from "./support/connectorMessages.ts";

const CONNECTION_ID = "00112233-4455-6677-8899-aabbccddeeff";

/** A server that answers registrations with `outcome`, and what came of the messages sent to it. */
function serve(outcome: Partial<RegistrationOutcome> = {}) {
    const answers: Answer[] = [];
    const calls: unknown[] = [];
    const reader = new AnswerReader();
    const server = new RegistrationServer(
        {
            registerConnection(request) {
                calls.push(request);
                return {
                    kind: "registered",
                    connectionId: CONNECTION_ID,
                    locationName: "loc01",
                    isRemotelyManaged: true,
                    ...outcome,
                } as RegistrationOutcome;
            },
            unregisterConnection: () => calls.push("unregister"),
            updateLocalConfiguration: (config) => calls.push(Buffer.from(config).toString("utf8")),
        },
        (message) => answers.push(...reader.push(message)),
    );
    const send = (...messages: Buffer[]) => {
        for (const message of messages) {
            server.receive(message);
        }
    };
    return { server, answers, calls, send };
}

const registered = {
    kind: "registered",
    connectionId: CONNECTION_ID.replaceAll("-", ""),
    location: "loc01",
    isRemotelyManaged: true,
};

describe("a connector that registers", () => {
    it("is told its connection and that its configuration will come", () => {
        const { answers, calls, send } = serve();
        send(bootstrap(0), registerConnection({ questionId: 1 }));
        expect(calls).toEqual([REQUEST].map((request) => ({ ...request, tunnelSecret: new Uint8Array(32).fill(7) })));
        expect(answers).toEqual([
            { kind: "capability", answerId: 0 },
            { ...registered, answerId: 1 },
        ]);
    });

    it("can call by the capability's number as well as by the promised answer", () => {
        const { answers, send } = serve();
        send(bootstrap(0), registerConnection({ questionId: 1, target: { importedCap: 0 } }));
        expect(answers.at(-1)).toEqual({ ...registered, answerId: 1 });
    });

    it("is told why it is refused, and when to come back", () => {
        const { answers, send } = serve({
            kind: "refused",
            cause: "Unauthorized: Invalid tunnel secret",
            shouldRetry: true,
            retryAfterMs: 1500,
        });
        send(bootstrap(0), registerConnection({ questionId: 1 }));
        expect(answers.at(-1)).toEqual({
            kind: "refused",
            answerId: 1,
            cause: "Unauthorized: Invalid tunnel secret",
            shouldRetry: true,
            retryAfterNs: 1_500_000_000n,
        });
    });

    it("reports its own configuration and says goodbye", () => {
        const { answers, calls, send } = serve();
        send(bootstrap(0), registerConnection({ questionId: 1 }), finish(0), finish(1));
        send(updateLocalConfiguration(1, '{"ingress":[]}'), finish(1), unregisterConnection(1), finish(1), release(0));
        send(abort("rpc: shutdown"));
        expect(calls.slice(1)).toEqual(['{"ingress":[]}', "unregister"]);
        expect(answers.slice(2)).toEqual([
            { kind: "empty", answerId: 1 },
            { kind: "empty", answerId: 1 },
        ]);
    });

    it("is not listened to after its Abort", () => {
        const { calls, send } = serve();
        send(bootstrap(0), abort("rpc: shutdown"), registerConnection({ questionId: 1 }));
        expect(calls).toEqual([]);
    });
});

describe("a call that cannot be served gets an exception, and the connection stays", () => {
    const params = (payload: StructBuilder) => payload.struct(0, 0, 0);

    it.each([
        ["unregister before register", unregisterConnection(1), 0, "not registered"],
        ["configuration before register", updateLocalConfiguration(1, "{}"), 0, "not registered"],
        ["a method that does not exist", call({ questionId: 1, methodId: 7 }, params), 3, "method 7"],
        [
            "another interface",
            call({ questionId: 1, interfaceId: 0x839445a59fb01686n }, params),
            3,
            "0x839445a59fb01686",
        ],
        [
            "a capability that was not given",
            registerConnection({ questionId: 1, target: { importedCap: 5 } }),
            0,
            "capability",
        ],
        [
            "an answer that holds none",
            registerConnection({ questionId: 1, target: { promisedAnswer: 9 } }),
            0,
            "capability",
        ],
        [
            "a part of the bootstrap answer",
            registerConnection({ questionId: 1, target: { promisedAnswer: 0, transform: true } }),
            0,
            "capability",
        ],
        ["results for a third party", registerConnection({ questionId: 1, sendResultsTo: 2 }), 3, "caller"],
    ])("%s", (_, message, type, reason) => {
        const { answers, calls, send } = serve();
        send(bootstrap(0), message);
        expect(calls).toEqual([]);
        expect(answers.at(-1)).toEqual({
            kind: "exception",
            answerId: 1,
            type,
            reason: expect.stringContaining(reason),
        });
        send(registerConnection({ questionId: 2 }));
        expect(answers.at(-1)).toEqual({ ...registered, answerId: 2 });
    });

    it("a second registration on the same connection", () => {
        const { answers, calls, send } = serve();
        send(bootstrap(0), registerConnection({ questionId: 1 }), registerConnection({ questionId: 2 }));
        expect(calls).toHaveLength(1);
        expect(answers.at(-1)).toMatchObject({
            kind: "exception",
            answerId: 2,
            reason: expect.stringContaining("already"),
        });
    });
});

describe("a peer that breaks the protocol is given up", () => {
    it.each([
        ["a question asked twice", [bootstrap(0), bootstrap(0)], "protocol"],
        ["more open questions than a connector needs", Array.from({ length: 40 }, (_, i) => bootstrap(i)), "limit"],
        ["a message kind that connectors do not send", [ofKind(5)], "protocol"],
        ["a tunnel id that is no UUID", [bootstrap(0), registerWithParams(withShortTunnelId)], "content"],
        ["a registration without credentials", [bootstrap(0), registerWithParams(() => {})], "content"],
    ])("%s", (_, messages, fault) => {
        const { send } = serve();
        expect(() => send(...messages)).toThrow(expect.objectContaining({ name: "RpcProtocolError", fault }));
    });

    it("for a large message, unless it has registered", () => {
        const large = updateLocalConfiguration(2, JSON.stringify({ ingress: "x".repeat(100_000) }));
        const stranger = serve();
        stranger.send(bootstrap(0));
        expect(() => stranger.send(large)).toThrow(
            expect.objectContaining({ name: "RpcProtocolError", fault: "limit" }),
        );
        const connector = serve();
        connector.send(bootstrap(0), registerConnection({ questionId: 1 }), large);
        expect(connector.answers.at(-1)).toEqual({ kind: "empty", answerId: 2 });
    });

    it("but finished questions may be many", () => {
        const { answers, send } = serve();
        for (let question = 0; question < 1000; question++) {
            send(bootstrap(question), finish(question));
        }
        expect(answers).toHaveLength(1000);
    });
});

function withShortTunnelId(params: StructBuilder): void {
    params.struct(0, 0, 2);
    params.data(1, Buffer.alloc(5));
    params.struct(2, 1, 2).struct(0, 0, 4).data(0, Buffer.alloc(16));
}

/** A registration that has all parts but those that `write` leaves out. */
function registerWithParams(write: (params: StructBuilder) => void): Buffer {
    return call({ questionId: 1 }, (payload) => write(payload.struct(0, 1, 3)));
}

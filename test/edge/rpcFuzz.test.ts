import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RpcProtocolError } from "../../emulator/edge/rpc/errors.ts";
import type { RegisterConnectionRequest } from "../../emulator/edge/rpc/registration.ts";
import { RegistrationServer } from "../../emulator/edge/rpc/registrationServer.ts";
import { RECORDED_STREAM } from "./support/recordedControlStream.ts";

/** What a control stream came to: what the edge was asked to do, what it answered, and why it gave up if it did. */
interface Outcome {
    readonly calls: unknown[];
    readonly answers: string[];
    readonly error: RpcProtocolError | undefined;
}

/** Feeds a stream to a server; an error of any other type than the codec's own fails the test. */
function run(chunks: readonly Uint8Array[]): Outcome {
    const calls: unknown[] = [];
    const answers: string[] = [];
    const server = new RegistrationServer(
        {
            registerConnection(request: RegisterConnectionRequest) {
                calls.push(request);
                return {
                    kind: "registered",
                    connectionId: request.tunnelId,
                    locationName: "loc01",
                    isRemotelyManaged: false,
                };
            },
            unregisterConnection: () => calls.push("unregister"),
            updateLocalConfiguration: (config) => calls.push(Buffer.from(config).toString("utf8")),
        },
        (message) => answers.push(message.toString("hex")),
    );
    try {
        for (const chunk of chunks) {
            server.receive(chunk);
        }
        server.end();
        return { calls, answers, error: undefined };
    } catch (error) {
        if (!(error instanceof RpcProtocolError)) {
            throw error;
        }
        return { calls, answers, error };
    }
}

const whole = run([RECORDED_STREAM]);

describe("a control stream", () => {
    it("as recorded registers, reports its configuration and unregisters", () => {
        expect(whole.error).toBeUndefined();
        expect(whole.calls).toEqual([
            expect.objectContaining({ connIndex: 0 }),
            expect.stringContaining('"ingress"'),
            "unregister",
        ]);
        expect(whole.answers).toHaveLength(4);
    });

    it("means the same wherever its bytes are split", () => {
        for (let at = 1; at < RECORDED_STREAM.length; at++) {
            expect(run([RECORDED_STREAM.subarray(0, at), RECORDED_STREAM.subarray(at)])).toEqual(whole);
        }
    });

    it("means the same in any number of pieces", () => {
        const cuts = fc.array(fc.nat({ max: RECORDED_STREAM.length }), { maxLength: 40 });
        fc.assert(
            fc.property(cuts, (positions) => {
                const sorted = [0, ...positions.toSorted((a, b) => a - b), RECORDED_STREAM.length];
                const chunks = sorted.slice(1).map((end, i) => RECORDED_STREAM.subarray(sorted[i], end));
                expect(run(chunks)).toEqual(whole);
            }),
        );
    });

    it("of random bytes gives a protocol error or nothing", () => {
        fc.assert(
            fc.property(fc.array(fc.uint8Array({ maxLength: 512 }), { maxLength: 8 }), (chunks) => {
                expect(run(chunks).calls).toEqual([]);
            }),
            { numRuns: 500 },
        );
    });

    it("with damaged bytes gives a protocol error or an answer, whatever the damage", () => {
        const damage = fc.record({
            at: fc.nat({ max: RECORDED_STREAM.length - 1 }),
            byte: fc.integer({ min: 0, max: 255 }),
        });
        let refused = 0;
        fc.assert(
            fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (places) => {
                const damaged = Buffer.from(RECORDED_STREAM);
                for (const { at, byte } of places) {
                    damaged[at] = byte;
                }
                refused += run([damaged]).error === undefined ? 0 : 1;
            }),
            { numRuns: 3000 },
        );
        // Otherwise the damage would not reach what is under test.
        expect(refused).toBeGreaterThan(300);
    });

    it("with words moved about gives a protocol error or an answer", () => {
        const wordCount = RECORDED_STREAM.length / 8;
        const move = fc.tuple(fc.nat({ max: wordCount - 1 }), fc.nat({ max: wordCount - 1 }));
        fc.assert(
            fc.property(fc.array(move, { minLength: 1, maxLength: 10 }), (moves) => {
                const shuffled = Buffer.from(RECORDED_STREAM);
                for (const [from, to] of moves) {
                    shuffled.copy(shuffled, to * 8, from * 8, from * 8 + 8);
                }
                run([shuffled]);
            }),
            { numRuns: 2000 },
        );
    });

    it("that stops inside a message says so", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 47 }), (length) => {
                expect(run([RECORDED_STREAM.subarray(0, length)]).error?.fault).toBe("framing");
            }),
        );
    });
});

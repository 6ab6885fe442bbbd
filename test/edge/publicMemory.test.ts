import type { ServerHttp2Stream } from "node:http2";
import { request } from "node:https";
import { queryObjects } from "node:v8";
import { expect, it, vi } from "vitest";
import { ClientExchange } from "../../emulator/edge/public/clientExchange.ts";
import { HOSTNAME, originAnswer, PublicEdgeUnderTest } from "./support/publicEdgeUnderTest.ts";

type Serve = (stream: ServerHttp2Stream) => void;

const answerWhole: Serve = (stream) => {
    stream.respond(originAnswer(200));
    stream.end("whole");
};
const answerHalf: Serve = (stream) => {
    stream.respond(originAnswer(200));
    stream.write("half");
};

/** Asks over HTTP/1.1 and goes away at the answer's first byte. */
async function leaveInTheMiddle(edge: PublicEdgeUnderTest): Promise<void> {
    await edge.readSome({}, "half");
}

async function leaveBeforeTheAnswer(edge: PublicEdgeUnderTest, opened: Promise<void>): Promise<void> {
    const outgoing = request({ ...edge.tls(), agent: false, headers: { host: HOSTNAME } });
    outgoing.on("error", () => {});
    outgoing.end();
    await opened;
    outgoing.destroy();
    await new Promise((resolve) => outgoing.once("close", resolve));
}

const FATES: readonly (readonly [Serve, (edge: PublicEdgeUnderTest, opened: Promise<void>) => Promise<unknown>])[] = [
    [answerWhole, (edge) => edge.ask()],
    [answerWhole, (edge) => edge.askHttp2()],
    [answerHalf, leaveInTheMiddle],
    [() => {}, leaveBeforeTheAnswer],
    [(stream) => stream.session?.destroy(), (edge) => edge.ask({ method: "POST", body: "x" })],
];

it("nothing is kept of a request, whether it is answered, left at any point, or loses its connector", async () => {
    for (const [serve, ask] of FATES) {
        await using edge = await PublicEdgeUnderTest.start();
        const opened = Promise.withResolvers<void>();
        await edge.connector((stream) => {
            opened.resolve();
            serve(stream);
        });
        const logged = edge.next("request");
        await ask(edge, opened.promise);
        await logged;
    }
    // The limits that were set for them would keep them for minutes. The last one's sockets may still be closing.
    await vi.waitFor(() => expect(queryObjects(ClientExchange, { format: "count" })).toBe(0), 10_000);
});

import type { ServerHttp2Stream } from "node:http2";
import { request } from "node:https";
import { queryObjects } from "node:v8";
import { expect, it, vi } from "vitest";
import { ClientExchange } from "../../emulator/edge/public/clientExchange.ts";
import { Silence } from "../../emulator/edge/public/silence.ts";
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

it.each<[string, Serve, (edge: PublicEdgeUnderTest, opened: Promise<void>) => Promise<unknown>]>([
    ["is answered over HTTP/1.1", answerWhole, (edge) => edge.ask()],
    ["is answered over HTTP/2", answerWhole, (edge) => edge.askHttp2()],
    ["is left in the middle of its answer", answerHalf, leaveInTheMiddle],
    ["is left before its answer", () => {}, leaveBeforeTheAnswer],
    ["loses its connector", (stream) => stream.session?.destroy(), (edge) => edge.ask({ method: "POST", body: "x" })],
])("nothing is kept of a request that %s", async (_, serve, ask) => {
    await using edge = await PublicEdgeUnderTest.start();
    const opened = Promise.withResolvers<void>();
    await edge.connector((stream) => {
        opened.resolve();
        serve(stream);
    });
    const logged = edge.next("request");
    await ask(edge, opened.promise);
    await logged;
    // The limits that were set for it would keep it for minutes.
    await vi.waitFor(() => {
        expect(queryObjects(ClientExchange, { format: "count" })).toBe(0);
        expect(queryObjects(Silence, { format: "count" })).toBe(0);
    });
});

/** Runs inside a network namespace: one TLS connection as the JSON on standard input says, one line over it, what came of it on standard output. */
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type ConnectionOptions, connect } from "node:tls";

interface Dial extends ConnectionOptions {
    withinMs: number;
}

const { withinMs, ...options } = JSON.parse(await text(process.stdin)) as Dial;
const socket = connect(options);
let peer = "";
const end = (outcome: object) => {
    process.stdout.write(JSON.stringify({ ...outcome, peer }));
    process.exit();
};
setTimeout(() => end({ refused: "no answer" }), withinMs);
socket.once("error", ({ message, ...error }: NodeJS.ErrnoException) => end({ refused: error.code ?? message }));
socket.once("close", () => end({ refused: "closed" }));
socket.once("secureConnect", () => {
    peer = socket.getPeerCertificate().fingerprint256;
    socket.write("whoami\n");
});
createInterface({ input: socket })
    .on("error", () => {}) // the socket tells it as well
    .once("line", (line) => end({ line }));

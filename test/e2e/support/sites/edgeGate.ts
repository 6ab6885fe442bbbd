/** Runs inside a network namespace: leads a port of it to a Unix socket, which network namespaces share. `HOST PORT SOCKET`. */
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

const [host, port, socket = ""] = process.argv.slice(2);
createServer({ allowHalfOpen: true }, (client) => {
    const inner = connect(socket);
    // Whatever ends one side ends the other; which of them it was does not matter.
    pipeline(client, inner, client, () => {});
}).listen({ host, port: Number(port) }, () => console.log("listening"));

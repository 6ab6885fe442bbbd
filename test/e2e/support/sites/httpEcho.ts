/** Runs inside a network namespace: an HTTP server on loopback that tells what it was asked, headers and all. `PORT`. */
import { createServer } from "node:http";

createServer(({ method, url, headers }, response) => {
    response.end(JSON.stringify({ method, url, headers }));
}).listen({ host: "127.0.0.1", port: Number(process.argv[2]) }, () => console.log("listening"));

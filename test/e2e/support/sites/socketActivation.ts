/** Runs inside a network namespace: what systemd does for a socket with `Accept=yes`. Each connection is standard input and output of a program. `PORT PROGRAM ARGUMENT…`. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";

const [port, program = "", ...args] = process.argv.slice(2);
createServer({ pauseOnConnect: true }, (connection) => {
    const child = spawn(program, args, { stdio: [connection, connection, "inherit"] });
    child.once("exit", () => connection.destroy());
    connection.on("error", () => {}); // the program hears of it
}).listen({ host: "127.0.0.1", port: Number(port) }, () => console.log("listening"));

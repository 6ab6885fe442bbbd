#!/usr/bin/env node
// In place of `cloudflared access tcp`: serves the port that it is given, itself. `who` is answered with what it was started with, `crash` ends it.
import { createServer } from "node:net";

const url = process.argv[process.argv.indexOf("--url") + 1] ?? "";
const server = createServer((socket) => {
    socket.on("data", (data) => {
        const word = String(data).trim();
        if (word === "crash") {
            console.error("2026-01-01T00:00:00Z ERR out of order");
            process.exit(7);
        }
        if (word === "refuse") {
            console.error('2026-01-01T00:00:00Z ERR failed to connect to origin error="no route" originURL=https://db');
            socket.destroy();
            return;
        }
        const { TUNNEL_SERVICE_TOKEN_ID: id, CF_ACCESS_CLIENT_SECRET: other } = process.env;
        socket.write(`${JSON.stringify({ pid: process.pid, args: process.argv.slice(2), id, other })}\n`);
    });
});
server.listen(Number(url.split(":")[1]), "127.0.0.1");

/** Runs inside a network namespace (see namespaceAgent.ts): errands on stdin, their outcomes on stdout, until stdin ends. */
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { bridge } from "./bridge.ts";
import type { Answer, Errand, Target } from "./errands.ts";
import { HeldConnection } from "./heldConnection.ts";

const node = process.argv[2] ?? "";
const servers = new Map<number, { server: Server; connections: Set<Socket> }>();
const held: HeldConnection[] = [];

async function run(errand: Errand): Promise<unknown> {
    switch (errand.kind) {
        case "serve":
            return serve(errand.name, errand.port, errand.address);
        case "stop":
            return stop(errand.port);
        case "ask":
            return ask(errand.target, errand.text, errand.withinMs);
        case "hold":
            return held.push(await HeldConnection.open(errand.target, errand.everyMs, errand.withinMs)) - 1;
        case "answers":
            return heldBy(errand.held).afterMore(errand.more);
        case "end":
            return heldBy(errand.held).end(errand.by === "us");
        case "datagram":
            return sendDatagram(errand.target, errand.text);
        case "expose":
            return void (await bridge({ path: errand.path }, errand.target));
        case "resolve": {
            const resolver = new Resolver({ timeout: 2_000, tries: 1 });
            resolver.setServers([errand.server]);
            return resolver.resolve(errand.name, errand.type);
        }
    }
}

async function serve(name: string, port: number, host: string | undefined): Promise<void> {
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
        connections.add(socket.once("close", () => connections.delete(socket)));
        socket.on("error", () => {}); // a client may be cut off at any moment
        createInterface({ input: socket })
            .on("error", () => {})
            .on("line", (line) => socket.write(`${name} on ${node}: ${line}\n`));
    });
    server.listen({ port, host });
    await once(server, "listening");
    servers.set(port, { server, connections });
}

function stop(port: number): void {
    const served = servers.get(port);
    if (served === undefined) throw new Error(`nothing is served at port ${port}`);
    servers.delete(port);
    served.server.close();
    for (const connection of served.connections) connection.destroy();
}

function ask(target: Target, text: string, withinMs: number): Promise<Answer> {
    return new Promise((resolve) => {
        const socket = connect(target);
        const end = (answer: Answer) => {
            clearTimeout(timer);
            socket.destroy();
            resolve(answer);
        };
        const timer = setTimeout(() => end({ refused: "no answer" }), withinMs);
        socket.once("error", ({ message, ...error }: NodeJS.ErrnoException) => end({ refused: error.code ?? message }));
        socket.once("close", () => end({ refused: "closed" }));
        createInterface({ input: socket })
            .on("error", () => {}) // the socket tells it as well
            .once("line", (line) => end({ line }));
        socket.write(`${text}\n`);
    });
}

function sendDatagram({ host, port }: Target, text: string): Promise<void> {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    return new Promise((resolve, reject) => {
        socket.send(text, port, host, (error) => {
            socket.close();
            if (error) reject(error);
            else resolve();
        });
    });
}

function heldBy(index: number): HeldConnection {
    const connection = held[index];
    if (connection === undefined) throw new Error(`no connection ${index} is held`);
    return connection;
}

for await (const line of createInterface({ input: process.stdin })) {
    const { id, errand } = JSON.parse(line) as { id: number; errand: Errand };
    run(errand).then(
        (result) => process.stdout.write(`${JSON.stringify({ id, result })}\n`),
        (error: unknown) => process.stdout.write(`${JSON.stringify({ id, error: String(error) })}\n`),
    );
}
process.exit();

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { Asker, LEAST_QUESTION } from "../../cli/join/reflection.ts";
import { startReflector } from "../../cli/join/reflector.ts";
import { freePort } from "../../cli/processes/freePort.ts";

const ADDRESS = "127.0.0.1";

async function reflectorFor(...from: string[]) {
    return startReflector({ address: ADDRESS, port: await freePort(), from, now: () => 42 });
}

describe("a reflector", () => {
    it("tells whoever is admitted how they are seen, on both ports, and what time it is", async () => {
        await using reflector = await reflectorFor("127.0.0.0/8");
        await using asker = await Asker.open("ipv4");
        const [first, second] = await Promise.all(reflector.ports.map((port) => asker.ask({ address: ADDRESS, port })));
        expect(first).toMatchObject({ address: ADDRESS, now: 42 });
        expect(second?.port).toBe(first?.port);
    });

    it("says nothing to anybody else", async () => {
        await using reflector = await reflectorFor("198.51.100.0/24");
        await using asker = await Asker.open("ipv4");
        expect(await asker.ask({ address: ADDRESS, port: reflector.ports[0] })).toBeUndefined();
    });

    it("is asked again where a question is lost on the way", async () => {
        const losing = createSocket("udp4");
        losing.bind(0, ADDRESS);
        await once(losing, "listening");
        let arrived = 0;
        losing.on("message", (message, { address, port }) => {
            const { id } = JSON.parse(message.toString());
            if (++arrived > 1) losing.send(JSON.stringify({ id, address, port, now: 42 }), port, address);
        });
        await using asker = await Asker.open("ipv4");
        expect(await asker.ask({ address: ADDRESS, port: losing.address().port })).toMatchObject({ now: 42 });
        expect(await asker.carries({ address: ADDRESS, port: losing.address().port }, LEAST_QUESTION)).toBe(true);
        expect(arrived).toBe(3);
        losing.close();
        await once(losing, "close");
    });

    it("sends from the other port where it is asked to, and only then", async () => {
        await using reflector = await reflectorFor("127.0.0.1");
        await using asker = await Asker.open("ipv4");
        expect(await asker.isReached({ address: ADDRESS, port: reflector.ports[0] })).toBe(true);
    });

    it("sends less than it is sent, and nothing for what is no question", async () => {
        await using reflector = await reflectorFor("127.0.0.1");
        const socket = createSocket("udp4");
        socket.bind(0, ADDRESS);
        await once(socket, "listening");
        const answers: Buffer[] = [];
        socket.on("message", (message) => answers.push(message));
        const question = JSON.stringify({ id: "0123456789abcdef", unbidden: true });
        for (const text of [
            question,
            "x".repeat(LEAST_QUESTION),
            "{}".padEnd(LEAST_QUESTION),
            question.padEnd(LEAST_QUESTION),
        ]) {
            socket.send(text, reflector.ports[0], ADDRESS);
        }
        // Both answers to the only question, which was sent last.
        while (answers.length < 2) await once(socket, "message");
        expect(answers.length).toBe(2);
        expect(answers.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(LEAST_QUESTION);
        socket.close();
    });
});

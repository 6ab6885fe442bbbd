/** A name server on loopback that knows no name: every question comes back as NXDOMAIN. Ends with standard input. */
import { createSocket } from "node:dgram";

const NAME_ERROR = 3;
const socket = createSocket("udp4");
socket.on("message", (question, { port, address }) => {
    const answer = Buffer.from(question);
    answer[2] = (answer[2] ?? 0) | 0x80; // an answer (RFC 1035, 4.1.1)
    answer[3] = 0x80 | NAME_ERROR;
    // The question alone: what EDNS adds is not repeated.
    answer.writeUInt16BE(0, 10);
    const nameEnd = answer.indexOf(0, 12) + 5;
    socket.send(answer.subarray(0, nameEnd), port, address);
});
socket.bind(53, "127.0.0.1", () => process.stdout.write("ready\n"));

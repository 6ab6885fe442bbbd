/**
 * A log of lines, each with the time at which it was said. Lines of one turn of the event loop are written together: a busy edge has many, and each
 * write is a call into the kernel. What is said last is written before the process ends.
 */
export function lineLog(stream: NodeJS.WritableStream = process.stderr): (line: string) => void {
    let lines = "";
    const write = () => {
        if (lines !== "") {
            stream.write(lines);
            lines = "";
        }
    };
    process.once("exit", write);
    return (line) => {
        if (lines === "") {
            setImmediate(write);
        }
        lines += `${new Date().toISOString()} ${line}\n`;
    };
}

import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { lineLog } from "../../cli/ui/log.ts";

describe("a log of lines", () => {
    it("writes what was said in one turn at once, in its order and with the time of each line", async () => {
        const written: string[] = [];
        const log = lineLog(
            new Writable({
                write: (chunk, _, done) => {
                    written.push(String(chunk));
                    done();
                },
            }),
        );
        log("first");
        log("second");
        expect(written).toEqual([]);
        await new Promise(setImmediate);
        expect(written).toHaveLength(1);
        expect(written[0]).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z first\n\d{4}-\d{2}-\d{2}T[\d:.]+Z second\n$/);
        log("third");
        await new Promise(setImmediate);
        expect(written[1]).toMatch(/Z third\n$/);
    });
});

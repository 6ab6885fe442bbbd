import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { ask } from "../../cli/init/ask.ts";
import { questions } from "../../cli/init/questions.ts";
import { answersFrom } from "../../cli/init/request.ts";
import { ANSWERS, NEEDED } from "./support.ts";

const ENTER = "\r";
const DOWN = "\x1b[B";
const CONTROL_C = "\x03";

/** A person at a terminal, who types the next answer when a question is on the screen. */
function person(replies: Readonly<Record<string, string>>) {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let screen = "";
    const unanswered = new Map(Object.entries(replies));
    output.on("data", (chunk: Buffer) => {
        screen += stripVTControlCharacters(chunk.toString());
        for (const [message, keys] of unanswered) {
            if (!screen.includes(message)) continue;
            unanswered.delete(message);
            // Once whoever asks has begun to listen.
            setImmediate(() => input.write(keys));
        }
    });
    return { terminal: { input, output }, unanswered, seen: () => screen };
}

describe("a person at a terminal", () => {
    it("is asked what the command line does not say, in order, with what is usual already there", async () => {
        const { terminal, unanswered } = person({
            "Name of the project": ENTER,
            "Zone that": `${NEEDED.zone}${ENTER}`,
            "Zero Trust team": `${NEEDED.team}${ENTER}`,
            "Who may enter": `,grace@partner.example${ENTER}`,
            "Identity provider": ENTER,
            Environments: ENTER,
            "Where the services run": ENTER,
            "Address of its Docker engine": ENTER,
            "What reviews": `${DOWN}${ENTER}`,
        });
        const asked = questions("infra");
        const written = await ask(asked, { accountId: NEEDED.accountId }, terminal);
        expect([...unanswered.keys()]).toEqual([]);
        expect(answersFrom(asked, written)).toEqual({ ...ANSWERS, ci: "gitlab" });
    });

    it("hears what is wrong with an answer at once", async () => {
        const { terminal, seen } = person({ "Zone that": `example${ENTER}`, "single label": `.com${ENTER}` });
        const zone = questions("infra").filter(({ key }) => key === "zone");
        expect(await ask(zone, {}, terminal)).toEqual({ zone: "example.com" });
        expect(seen()).toContain('"example"');
    });

    it("can break off, and nothing is made", async () => {
        const { terminal } = person({ "Name of the project": CONTROL_C });
        await expect(ask(questions("infra"), {}, terminal)).rejects.toThrow("nothing was made");
    });
});

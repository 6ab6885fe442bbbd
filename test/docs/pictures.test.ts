import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { type Cast, castFile, readCast } from "../../site/pictures/cast.ts";
import { Recorder } from "../../site/pictures/recorder.ts";
import { terminalSvg } from "../../site/pictures/terminal.ts";

const cast: Cast = {
    width: 10,
    height: 3,
    title: "A & B",
    events: [
        { at: 0, text: "$ run it\n" },
        { at: 1, text: "half " },
        { at: 1.5, text: "a line\n" },
        { at: 60, text: "<done>\nand more than ten\n" },
    ],
};

describe("a recorded terminal", () => {
    it("is kept as asciicast version 2, and read again as it was", () => {
        const [header, first] = castFile(cast).split("\n");
        expect(JSON.parse(header ?? "")).toEqual({ version: 2, width: 10, height: 3, title: "A & B" });
        expect(JSON.parse(first ?? "")).toEqual([0, "o", "$ run it\r\n"]);
        expect(readCast(castFile(cast))).toEqual(cast);
    });

    it("is drawn line by line, wrapped at its width, with commands marked and nothing taken for a tag", () => {
        const lines = [
            ...terminalSvg(cast).matchAll(/<text x="12" y="(\d+)"( font-weight="bold"[^>]*)?>([^<]*)<\/text>/g),
        ];
        expect(lines.map(([, y, bold, text]) => [Number(y), bold !== undefined, text])).toEqual([
            [13, true, "$ run it"],
            [31, false, "half a lin"],
            [49, false, "e"],
            [67, false, "&lt;done&gt;"],
            [85, false, "and more t"],
            [103, false, "han ten"],
        ]);
    });

    it("plays by itself, with long pauses cut short, and stays at its end for whoever wants less motion", () => {
        const svg = terminalSvg(cast);
        // 0, then 1.5 s, then a pause of 58.5 s played as 1.5 s, then the end's six.
        const [, frames = ""] = /@keyframes scroll\{((?:[\d.]+%\{[^}]*\})+)\}/.exec(svg) ?? [];
        expect(
            [...frames.matchAll(/([\d.]+)%\{transform:translateY\((-?\d+)px\)\}/g)].map(([, at, y]) => [at, y]),
        ).toEqual([
            ["0.00", "36"],
            ["16.67", "0"],
            ["33.33", "-54"],
            ["100", "-54"],
        ]);
        expect(svg).toContain("animation:scroll 9.0s step-end infinite");
        expect(svg).toContain("@media (prefers-reduced-motion:reduce){.lines{animation:none}}");
        expect(svg).toContain('role="img" aria-label="A &amp; B"');
    });

    it("of the pages is drawn from the recording beside it", () => {
        const read = (name: string) => readFileSync(join(projectDir, "docs/pictures", name), "utf8");
        expect(read("local.svg")).toBe(terminalSvg(readCast(read("local.cast"))));
    });
});

describe("the recorder", () => {
    it("keeps what commands print with its times, and not where they ran", async () => {
        const recorder = new Recorder(projectDir);
        await recorder.run("echo $PWD; echo wrong >&2");
        const { events } = recorder.cast("t", { width: 80, height: 24 });
        expect(events.map(({ text }) => text).join("")).toBe("$ echo $PWD; echo wrong >&2\n.\nwrong\n\n");
        expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a - b));
    });

    it("says which command failed", async () => {
        await expect(new Recorder(projectDir).run("exit 3")).rejects.toThrow("exit 3");
    });
});

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** What says something to a user. */
const SPEAKERS = ["cli", "components", "emulator", "stacks", "toolchain"];

/** A heading that quotes a message, with `…` for what differs. */
const QUOTED = /^### `(.+)`$/gm;

const sources = SPEAKERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(ts|js)$/.test(file))
        .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
);

/** Whether one source holds every part of a message that does not differ. */
function isSaid(message: string): boolean {
    const parts = message
        .split("…")
        .map((part) => part.trim())
        .filter((part) => part !== "");
    return sources.some((source) => parts.every((part) => source.includes(part)));
}

describe("the page on messages", () => {
    const page = readFileSync(join(ROOT, "docs/troubleshooting.md"), "utf8");
    const messages = [...page.matchAll(QUOTED)].map(([, message = ""]) => message);

    it("quotes what the project says, word for word", () => {
        expect(messages).not.toEqual([]);
        expect(messages.filter((message) => !isSaid(message))).toEqual([]);
    });

    it("would show a message that nobody says any more", () => {
        expect(isSaid("… is no longer said by any part of this project …")).toBe(false);
    });
});

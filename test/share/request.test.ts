import { describe, expect, it } from "vitest";
import { Mistakes } from "../../cli/mistakes.ts";
import { type ShareArguments, shareRequest } from "../../cli/share/request.ts";
import { endOf, isShareTitle, newTitle } from "../../cli/share/title.ts";
import { sallyport } from "../support/cli.ts";

const good = {
    url: "http://localhost:3000",
    with: ["Ann@example.com", "@example.org"],
    for: "90m",
    zone: "example.com",
};

function read(changes: Partial<ShareArguments> = {}) {
    const mistakes = new Mistakes();
    const request = shareRequest({ ...good, ...changes }, mistakes);
    mistakes.throwIfAny();
    return request;
}

describe("what is to be shared", () => {
    it("is a site of this machine, people, a time and a name", () => {
        const { origin, ...rest } = read({ name: "demo" });
        expect(origin.origin).toBe("http://localhost:3000");
        expect(rest).toEqual({
            ...{ emails: ["ann@example.com"], emailDomains: ["example.org"], duration: "90m", seconds: 5400 },
            hostname: "demo.example.com",
        });
    });

    it("gets a name that nobody guesses where none is given", () => {
        expect(read().hostname).toMatch(/^share-[0-9a-f]{8}\.example\.com$/);
        expect(read().hostname).not.toBe(read().hostname);
    });

    it.each([
        "http://127.0.0.2",
        "https://[::1]:8443",
        "http://app.localhost:80",
        "http://192.168.1.7:3000",
        "http://[fd00::1]",
    ])("may be at %s", (url) => {
        expect(read({ url }).origin.href).toBe(`${new URL(url).origin}/`);
    });

    it.each([
        ["localhost:3000", '"localhost" is not shared'],
        ["3000", "is not a URL"],
        ["ftp://localhost", '"ftp" is not shared'],
        ["http://localhost:3000/admin", "a whole site is shared; write http://localhost:3000 without path"],
        ["http://ann:hush@localhost", "without path, query or user"],
        ["http://example.com", '"example.com" may be anywhere'],
        ["http://8.8.8.8", "is neither on this machine nor in a private network"],
        ["http://169.254.169.254", "is neither on this machine nor in a private network"],
        ["http://[::ffff:8.8.8.8]", "is neither on this machine nor in a private network"],
        ["http://0.0.0.0:3000", "is neither on this machine nor in a private network"],
    ])("may not be at %s", (url, reason) => {
        expect(() => read({ url })).toThrow(reason);
    });

    it("is refused with every mistake at once, before anything is asked or started", async () => {
        const args = ["share", "ftp://localhost", "--with", "ann", "@gmail.com", "--for", "25h", "--name", "a.b"];
        const { exitCode, stderr } = await sallyport([...args, "--stack", "staging"]);
        expect(exitCode).toBe(2);
        expect(stderr).toContain("5 mistakes:");
        expect(stderr).toContain('--for: "25h" is too long. Write at most "24h".');
        expect(() => read({ with: [], for: "30s", name: "Demo" })).toThrow(/3 mistakes:[\s\S]*nobody could enter/);
    });
});

describe("the name of a share's objects", () => {
    it("tells when it ends, to anybody who sees it in the account", () => {
        const until = new Date("2026-01-02T03:04:05Z");
        const title = newTitle("demo.example.com", until);
        expect(title).toMatch(/^sallyport-share-demo-[0-9a-f]{8}-until-20260102t030405z$/);
        expect(newTitle("demo.example.com", until)).not.toBe(title);
        expect(isShareTitle(title)).toBe(true);
        expect(endOf(title)).toEqual(until);
        expect(newTitle(`${"a".repeat(63)}.example.com`, until).length).toBeLessThanOrEqual(100);
    });

    it("is not taken for that of something else", () => {
        expect(isShareTitle("sallyport-share-demo-until-20260102t030405z")).toBe(false);
        expect(isShareTitle("my sallyport-share-demo-0123abcd-until-20260102t030405z")).toBe(false);
        expect(endOf("grafana")).toBeUndefined();
    });
});

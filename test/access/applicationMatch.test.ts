import { describe, expect, it } from "vitest";
import { matchApplication } from "../../emulator/edge/access/policy/applicationMatch.ts";
import { application } from "./support/subjects.ts";

/** The name of the application that covers a URL, or why none does. */
function covering(domains: readonly string[], url: string): string {
    const slash = url.indexOf("/");
    const [hostname, path] = slash < 0 ? [url, "/"] : [url.slice(0, slash), url.slice(slash)];
    const match = matchApplication(
        domains.map((domain) => application(domain, domain)),
        hostname,
        path,
    );
    return match.kind === "application" ? match.application.name : match.kind;
}

describe("an application covers", () => {
    // The documentation's own examples (app-paths).
    it.each([
        ["*.example.com", ["alpha.example.com", "beta.example.com/x"], ["example.com", "foo.bar.example.com"]],
        ["example.com", ["example.com", "example.com/alpha"], ["alpha.example.com"]],
        ["example.com/*", ["example.com", "example.com/alpha", "example.com/beta"], ["alpha.example.com"]],
        ["*.test.example.com", ["alpha.test.example.com"], ["test.example.com", "example.com"]],
        ["*test.example.com", ["test.example.com", "alphatest.example.com"], ["beta.test.example.com"]],
        ["example.com/alpha/*", ["example.com/alpha/one", "example.com/alpha/"], ["example.com/alpha", "example.com"]],
        ["example.com/foo*/bar", ["example.com/foo/bar", "example.com/food/stuff/bar"], ["example.com/foo/barn"]],
        ["example.com/eng", ["example.com/eng", "example.com/eng/x"], ["example.com/english"]],
    ])("%s", (domain, covered, others) => {
        expect(covered.map((url) => covering([domain], url))).toEqual(covered.map(() => domain));
        expect(others.map((url) => covering([domain], url))).toEqual(others.map(() => "none"));
    });

    it("what no more specific one covers, in whatever order they stand", () => {
        const domains = [
            "*.example.com",
            "app.example.com",
            "app.example.com/eng/exec",
            "app.example.com/eng",
            "*.example.com/eng",
        ];
        for (const listed of [domains, domains.toReversed()]) {
            expect(covering(listed, "app.example.com/eng/exec/1")).toBe("app.example.com/eng/exec");
            expect(covering(listed, "app.example.com/eng/1")).toBe("app.example.com/eng");
            expect(covering(listed, "app.example.com/")).toBe("app.example.com");
            expect(covering(listed, "other.example.com/eng")).toBe("*.example.com/eng");
        }
    });

    it.each([
        "/%61dmin",
        "/public/../admin",
        "/public/%2e%2e/admin",
        "/public/..%2fadmin",
        "/public/%252e%252e/admin",
        "/public\\..\\admin",
        "//admin",
        "/./admin",
        "/public/..;/admin",
        "/ad%6Din/x%zz",
    ])("nothing for sure when an origin might read the path as another application's: %s", (path) => {
        expect(covering(["example.com", "example.com/admin"], `example.com${path}`)).toBe("ambiguous");
        expect(covering(["example.com"], `example.com${path}`)).toBe("example.com");
    });

    it("a path of any length without taking long over it", () => {
        const path = `/${"b".repeat(100_000)}`;
        expect(covering(["example.com/*b*b*b*b*c"], `example.com${path}`)).toBe("none");
    });
});

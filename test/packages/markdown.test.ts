import { expect, it } from "vitest";
import { movePage } from "../../packages/markdown.ts";

const places = new Map([["docs/rules.md", "docs/rules.md"]]);
const move = (text: string) => movePage(text, "policy/README.md", "README.md", (path) => places.get(path));

it("keeps a link to a page that goes along, by its place there", () => {
    expect(move("see [the rules](../docs/rules.md#one) and [more](https://example.com/x)")).toBe(
        "see [the rules](docs/rules.md#one) and [more](https://example.com/x)",
    );
});

it("leaves the label of a link to what does not go along", () => {
    expect(move("see [the audit](../docs/audit.md), and [below](#below)")).toBe("see the audit, and [below](#below)");
});

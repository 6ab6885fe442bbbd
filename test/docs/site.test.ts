import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { commands } from "../../cli/main.ts";
import { projectDir } from "../../cli/project.ts";
import * as library from "../../components/index.ts";
import { rules } from "../../policy/rules/index.ts";
import { referenceOf } from "../../site/assemble.ts";
import { problemsOf } from "../../site/check.ts";
import { diagram } from "../../site/diagrams.ts";
import { linkOnSite } from "../../site/links.ts";
import { navigationOf } from "../../site/navigation.ts";
import { sitePath } from "../../site/pages.ts";
import { knownKeys } from "../../stacks/config/schema.ts";

const reference = referenceOf({ root: projectDir, commands: commands() }).flatMap(({ pages }) => pages);

/** The text of a page of the reference; a test that asks for one that there is not fails. */
function page(path: string): string {
    const found = reference.find((one) => one.path === path);
    expect(found, path).toBeDefined();
    return found?.text ?? "";
}

describe("the reference", () => {
    it("has a page for each component, with its arguments, outputs and an example", () => {
        const components = Object.entries(library)
            .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
            .map(([name]) => name);
        expect(components.length).toBeGreaterThan(25);
        for (const name of components) {
            expect(page(`reference/components/${name}`), name).toMatch(
                /```ts\n[\s\S]+## Arguments\n\n\| Argument[\s\S]+## Outputs\n\n\| Output/,
            );
        }
    });

    it("says of an argument what its doc comment says, with its type and whether it is needed", () => {
        const text = page("reference/components/ZeroTrustApp");
        expect(text).toContain(
            "| `hostname` | `string` | Public host name. Plain, so that it is checked before anything is made.",
        );
        expect(text).toContain("| `sessionDuration` *optional* | `pulumi.Input<string>` | How long a login lasts");
        expect(text).toContain(
            "Reusable Access policies, in order of precedence; [`AccessAudience`](AccessAudience.md) makes them.",
        );
        expect(text).toContain("| `audience` | `pulumi.Output<string>` | Audience tag");
    });

    it("has arguments that come from a shared interface, and leads to the types that they name", () => {
        const text = page("reference/components/TraefikProxy");
        expect(text).toMatch(/\| `networkIds` \|/);
        expect(text).toMatch(/\| `routes` .*\[ProxyRoute\]\(types\.md#proxyroute\)/);
        expect(page("reference/components/types")).toMatch(/## ProxyRoute\n[\s\S]*?\| Property \|/);
    });

    it("shows examples where they stand, between the text before and after", () => {
        const text = page("reference/components/NamedTunnel");
        expect(text).toMatch(
            /which dials out:\n\n```ts\nconst tunnel[^`]*```\n\nA new secret is set in place\.[^`]*```ts/,
        );
        expect(text).not.toMatch(/```ts[^`]*A new secret/);
    });

    it("lists what a choice may be", () => {
        expect(page("reference/components/types")).toContain('| `TunnelManagement.Remote` | `"remote"` |');
    });

    it("has a page for each rule of the policy pack", () => {
        for (const { name, description } of rules) expect(page(`reference/rules/${name}`)).toContain(description);
    });

    it("shows every command with its options and an example, and none that is hidden", () => {
        for (const command of commands()) {
            const text = page(`reference/cli/${command.name()}`);
            expect(text, command.name()).toContain("Example:\n\n```sh\n");
            for (const option of command.options) expect(text).toContain(option.flags.replaceAll("|", "\\|"));
        }
        expect(page("reference/cli/local")).toContain("## sallyport local down");
        expect(page("reference/cli/map")).toContain("one of `mermaid`, `svg`, `html`, `json`; `mermaid` if omitted");
        expect(page("reference/cli/kube")).not.toContain("kube session");
    });

    it("has every key of a stack file, each with what it is for", () => {
        const text = page("reference/stack-file");
        for (const key of knownKeys)
            expect(text, key).toMatch(new RegExp(`## sallyport:${key}\\n\\n[A-Z].*\\.\\n\\nTakes `));
        expect(text).toMatch(/\| `\[\]\.audience` \| a list, each entry text \| Names of audiences; never empty/);
        expect(text).toContain("| `alert.emails` |");
        expect(text).toContain("| `<name>.certificate` |");
    });
});

describe("a link on the site", () => {
    const destinations = {
        pages: new Set(["README.md", "docs/README.md", "docs/tunnels.md", "docs/adr/README.md", "policy/README.md"]),
        rules: new Set(["no-public-address"]),
        source: "https://example.com/blob/1",
    };

    it.each([
        ["docs/faq.md", "tunnels.md#the-zone", "/tunnels.md#the-zone"],
        ["docs/adr/0001.md", "../../README.md", "/overview.md"],
        ["README.md", "docs/README.md", "/contents.md"],
        ["docs/README.md", "adr/README.md", "/adr.md"],
        ["README.md", "policy/", "/policy.md"],
        ["README.md", "components", "/reference/components/index.md"],
        ["docs/faq.md", "policy-rules.md#no-public-address", "/reference/rules/no-public-address.md"],
        ["docs/faq.md", "policy-rules.md#access", "/reference/rules/index.md#access"],
        ["docs/faq.md", "pictures/map.svg", "/pictures/map.svg"],
        ["docs/faq.md", "#own", "#own"],
        ["docs/faq.md", "https://example.com", "https://example.com"],
        ["docs/faq.md", "../stacks/config.ts", "https://example.com/blob/1/stacks/config.ts"],
    ])("in %s to %s leads to %s", (from, link, target) => {
        expect(linkOnSite(from, link, destinations)).toBe(target);
    });

    it("to a file that is no page is text where nobody knows the repository's address", () => {
        expect(
            linkOnSite("docs/faq.md", "../stacks/config.ts", { ...destinations, source: undefined }),
        ).toBeUndefined();
    });
});

describe("the site's pages", () => {
    it.each([
        ["README.md", "overview"],
        ["docs/tunnels.md", "tunnels"],
        ["docs/recipes/README.md", "recipes"],
        ["policy/README.md", "policy"],
        ["SECURITY.md", "security"],
    ])("%s is at %s", (from, path) => {
        expect(sitePath(from)).toBe(path);
    });

    it("are in the order of the documentation's index, under its headings", () => {
        expect(
            navigationOf(
                "# All\n\n[no](0.md)\n\n## First\n\n- [`One`](1.md), and [two](2.md)\n\n## Next\n\n- [three](3.md)\n",
            ),
        ).toEqual([
            {
                text: "First",
                items: [
                    { text: "One", link: "1.md" },
                    { text: "two", link: "2.md" },
                ],
            },
            { text: "Next", items: [{ text: "three", link: "3.md" }] },
        ]);
    });
});

describe("a diagram", () => {
    const svg = diagram(
        'flowchart LR\n    accTitle: Who "asks"\n    accDescr: One asks the other.\n    a[one] -->|asks| b[two]\n',
    );

    it("is drawn with what is read aloud", () => {
        expect(svg).toContain('role="img" aria-label="Who &quot;asks&quot;"');
        expect(svg).toContain("<desc>One asks the other.</desc>");
        expect(svg).toContain(">asks<");
    });

    it("fetches nothing, and takes its colours from the page", () => {
        expect(svg).not.toMatch(/@import|<style|https?:(?!\/\/www\.w3\.org)/);
        expect(svg).toContain("--fg:var(--vp-c-text-1)");
    });
});

describe("the check of a built site", () => {
    function problemsIn(files: Readonly<Record<string, string>>, base?: string): string[] {
        const folder = mkdtempSync(join(tmpdir(), "sallyport-site-"));
        try {
            for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
            return problemsOf(folder, base);
        } finally {
            rmSync(folder, { recursive: true });
        }
    }

    it("names links that lead to no page and to no heading", () => {
        const page =
            '<a href="/b.html#far">b</a><a href="/gone.html">c</a><a href="#near">d</a><a class="x" href="./b#nowhere">e</a>';
        expect(problemsIn({ "a.html": page, "b.html": '<h2 id="far">far</h2>' })).toEqual([
            "a.html: /gone.html leads to nothing",
            "a.html: #near leads to no heading",
            "a.html: ./b#nowhere leads to no heading",
        ]);
    });

    it("reads links below the path at which the site is served", () => {
        const files = { "a.html": '<a href="/docs/a.html">a</a><a href="/docs/">home</a>', "index.html": "" };
        expect(problemsIn(files, "/docs/")).toEqual([]);
    });

    it("names whatever a browser would fetch from another host, and leaves a reader's own clicks alone", () => {
        const page = [
            '<script src="https://cdn.example/x.js"></script><img src="/own.png"><a href="https://example.com/">out</a>',
            '<link rel="preconnect" href="//fonts.example"><p style="background: url(https://img.example/x)">',
        ].join("\n");
        expect(
            problemsIn({
                "a.html": page,
                "b.css": "@import 'https://fonts.example/css'; p { background: url(own.png) }",
            }),
        ).toEqual([
            "a.html: fetches https://cdn.example/x.js from another host",
            "a.html: fetches //fonts.example from another host",
            "a.html: fetches https://img.example/x from another host",
            "b.css: fetches https://fonts.example/css from another host",
        ]);
    });
});

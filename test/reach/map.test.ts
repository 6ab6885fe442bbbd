import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { drawingOf } from "../../cli/reach/map/drawing.ts";
import { layOut } from "../../cli/reach/map/layout.ts";
import { mermaid } from "../../cli/reach/map/mermaid.ts";
import { mapPage } from "../../cli/reach/map/page.ts";
import { svg } from "../../cli/reach/map/svg.ts";
import type { AccessGraph, Grant, Selector, Target } from "../../cli/reach/model.ts";

const wiki: Target = { kind: "web", name: "wiki.example.com", origin: "http://wiki:3000", tunnel: "office" };
const lonely: Target = { kind: "network", name: "10.0.0.0/8" };
const email = (value: string): Selector => ({ kind: "email", value });

function grant(who: Selector, target = wiki, session = "8h"): Grant {
    return {
        who,
        target,
        ways: [
            {
                rule: "policy staff",
                session,
                conditions: [{ demand: "only", anyOf: [{ kind: "authentication method", value: "mfa" }] }],
            },
        ],
    };
}

const graph: AccessGraph = {
    targets: [lonely, wiki],
    grants: [
        grant(email("ada@example.com")),
        grant(email("grace@example.com")),
        grant({ kind: "service token", value: "ci" }, wiki, "24h"),
    ],
};
const HOSTILE = `</script><!--"]<img src=x onerror=alert(1)> | end #quot; \`'`;
const hostile: AccessGraph = {
    targets: [{ ...wiki, name: HOSTILE, origin: HOSTILE, tunnel: HOSTILE }],
    grants: [grant(email(HOSTILE), { ...wiki, name: HOSTILE })],
};

describe("a map", () => {
    it("is a Mermaid flowchart in which people who reach the same stand together", () => {
        expect(mermaid(graph)).toBe(
            [
                "flowchart LR",
                '    who0(["ada@example.com<br/>grace@example.com"])',
                '    who1{{"service token ci"}}',
                '    subgraph tunnel0 ["no tunnel of this stack"]',
                '        target0["10.0.0.0/8"]',
                "    end",
                '    subgraph tunnel1 ["tunnel office"]',
                '        target1["wiki.example.com<br/>http://wiki:3000"]',
                "    end",
                '    who0 -->|"8h, authenticated by mfa"| target1',
                '    who1 -->|"24h, authenticated by mfa"| target1',
            ].join("\n"),
        );
    });

    it("counts names that nobody would read", () => {
        const grants = Array.from({ length: 12 }, (_, place) => grant(email(`p${10 + place}@example.com`)));
        const [node] = drawingOf({ targets: [wiki], grants }).who;
        expect(node?.names).toHaveLength(9);
        expect(node?.names.at(-1)).toBe("and 4 more");
    });

    it("lets no name be more than text in Mermaid", () => {
        const text = mermaid(hostile);
        expect(
            text
                .match(/[<>`'\\]/g)
                ?.join("")
                .replaceAll("<>", ""),
        ).toBe(">");
        expect(text.split("\n")).toHaveLength(6);
    });

    it("keeps boxes apart, within the drawing, and every target in the box of its tunnel", () => {
        const { width, height, who, targets, tunnels } = layOut(drawingOf(graph));
        const boxes = [...who, ...targets];
        for (const { x, y, width: w, height: h } of [...boxes, ...tunnels]) {
            expect([x >= 0, y >= 0, x + w <= width, y + h <= height]).toEqual([true, true, true, true]);
        }
        for (const [place, one] of boxes.entries()) {
            for (const other of boxes.slice(place + 1)) {
                const apart =
                    one.x + one.width <= other.x ||
                    other.x + other.width <= one.x ||
                    one.y + one.height <= other.y ||
                    other.y + other.height <= one.y;
                expect(apart, `${one.id} and ${other.id}`).toBe(true);
            }
        }
        for (const [place, target] of targets.entries()) {
            const tunnel = tunnels[place];
            expect(tunnel && target.y >= tunnel.y && target.y + target.height <= tunnel.y + tunnel.height).toBe(true);
        }
    });

    it("is an SVG that says each name as text and nothing more", async () => {
        const drawn = await svg(graph, "staging");
        expect(drawn).toMatch(/^<svg /);
        expect(drawn).toContain(">ada@example.com<");
        expect(drawn).toContain(">tunnel office<");
        expect(await svg(hostile, HOSTILE)).not.toMatch(/<(img|script|!--)/);
    });

    it("is a page that may run nothing but its own script and load nothing", async () => {
        const page = await mapPage(hostile, "staging", "a test");
        const [, policy = ""] = /http-equiv="content-security-policy" content="([^"]+)"/.exec(page) ?? [];
        const [, script = ""] = /<script type="module">([\s\S]*?)<\/script>/.exec(page) ?? [];
        const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
        const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
        expect(policy.replaceAll("&#39;", "'").split("; ")).toEqual([
            "default-src 'none'",
            `style-src ${hashOf(style)}`,
            `script-src ${hashOf(script)}`,
            "form-action 'none'",
            "base-uri 'none'",
        ]);
        expect(script).not.toMatch(/^import /m);
        expect(page.match(/<script/g)).toHaveLength(2);
        expect(page).not.toMatch(/<(img|link|iframe|object)|url\((?!#arrow)/);
    });
});

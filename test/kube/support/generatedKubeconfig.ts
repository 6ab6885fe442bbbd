import fc from "fast-check";
import { stringify } from "yaml";

/** Texts of kubeconfigs as people and programs write them. Each is one that kubectl reads. */

const name = fc.constantFrom("dev", "prod", "eu-1", "arn:aws:eks:eu-west-1:1:cluster/x", "größe", "kind-a", "o'brien");
const names = fc.uniqueArray(name, { maxLength: 4 });

const model = fc.record({ clusters: names, users: names, contexts: names, current: fc.option(name) });

const itemsOf: Record<"clusters" | "users" | "contexts", (name: string) => object> = {
    clusters: (name: string) => ({ name, cluster: { server: `https://${name.length}.example.com:6443` } }),
    users: (name: string) => ({ name, user: { token: `token-of-${name}` } }),
    contexts: (name: string) => ({ context: { cluster: name, user: name }, name }),
};

/** An empty list is written in one of these ways, or not at all. */
const empty = fc.constantFrom("[]", "null", "~", "", undefined);

const block = fc
    .record({
        model,
        empty: fc.record({ clusters: empty, users: empty, contexts: empty }),
        order: fc.shuffledSubarray(["apiVersion", "kind", "clusters", "users", "contexts", "current", "preferences"], {
            minLength: 7,
        }),
        indentSeq: fc.boolean(),
        indent: fc.constantFrom(2, 4),
        flow: fc.subarray(["clusters", "users", "contexts"]),
        quoted: fc.boolean(),
        comments: fc.array(fc.nat(60), { maxLength: 4 }),
        blanks: fc.array(fc.nat(60), { maxLength: 2 }),
        start: fc.constantFrom("", "", "---\n", "# mine\n", "# mine\n---\n", "%YAML 1.2\n---\n"),
        end: fc.constantFrom("\n", "\n", "", "\n\n\n", "\n# the end", "\n...\n"),
    })
    .map(({ model: { current, ...lists }, order, indent, indentSeq, flow, quoted, comments, blanks, ...rest }) => {
        const pieces = order.map((key) => {
            if (key === "apiVersion" || key === "kind") {
                return `${key}: ${key === "kind" ? "Config" : "v1"}\n`;
            }
            if (key === "current") {
                return current === null ? "" : `current-context: ${quoted ? JSON.stringify(current) : current}\n`;
            }
            if (key === "preferences") {
                return "preferences: {}\n";
            }
            const list = key as keyof typeof lists;
            const items = lists[list].map(itemsOf[list]);
            if (items.length === 0) {
                const written = rest.empty[list];
                return written === undefined ? "" : `${list}: ${written}\n`;
            }
            if (flow.includes(list)) {
                return `${list}: ${JSON.stringify(items)}\n`;
            }
            return stringify({ [list]: items }, { indent, indentSeq, lineWidth: 0 });
        });
        return rest.start + sprinkled(pieces.join(""), comments, blanks).trimEnd() + rest.end;
    });

/** Comments and empty lines between the lines. */
function sprinkled(text: string, comments: readonly number[], blanks: readonly number[]): string {
    const lines = text.split("\n");
    for (const at of comments) {
        lines.splice(Math.min(at, lines.length - 1), 0, "  # not to be touched");
    }
    for (const at of blanks) {
        lines.splice(Math.min(at, lines.length - 1), 0, "");
    }
    return lines.join("\n");
}

const json = fc
    .record({ model, indent: fc.constantFrom(0, 2, 4), end: fc.constantFrom("", "\n"), bare: fc.boolean() })
    .map(({ model: { current, ...lists }, indent, end, bare }) => {
        const full = {
            ...{ apiVersion: "v1", kind: "Config", clusters: lists.clusters.map(itemsOf.clusters) },
            ...{ users: lists.users.map(itemsOf.users), contexts: lists.contexts.map(itemsOf.contexts) },
            "current-context": current ?? "",
        };
        return JSON.stringify(bare ? { kind: "Config" } : full, undefined, indent) + end;
    });

/** An anchor that a later entry uses. */
const anchored = fc
    .constantFrom("dev", "prod")
    .map(
        (current) =>
            `users:\n- name: dev\n  user: &me\n    token: x\n- name: prod\n  user: *me\ncontexts: &all\n- name: dev\n  context: {cluster: a, user: dev}\ncurrent-context: &here ${current}\n`,
    );

const odd = fc.constantFrom(
    "",
    "\n",
    "# nothing yet\n",
    "# nothing yet",
    "{}\n",
    "--- \n",
    "   apiVersion: v1\n   kind: Config\n",
);

export const kubeconfigText = fc
    .tuple(
        fc.oneof({ weight: 6, arbitrary: block }, { weight: 2, arbitrary: json }, anchored, odd),
        fc.boolean(),
        fc.boolean(),
    )
    .map(
        ([text, windows, marked]) =>
            (marked && /^\S/.test(text) ? "\uFEFF" : "") + (windows ? text.replaceAll("\n", "\r\n") : text),
    );

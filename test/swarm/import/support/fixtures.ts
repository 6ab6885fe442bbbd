import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Import, importServices } from "../../../../cli/swarm/import/import.ts";

const FOLDER = join(import.meta.dirname, "../fixtures");

/** Compose files as people have them, by family and name: `dockflare/indexed.yaml`. */
export const FIXTURES: readonly string[] = readdirSync(FOLDER).flatMap((family) =>
    readdirSync(join(FOLDER, family)).map((file) => `${family}/${file}`),
);

/** The file of a fixture, imported by somebody who knows who is in the groups that it names, and whose services are for the staff. */
export function imported(fixture: string, environment: Record<string, string> = {}): Import {
    const [, project = ""] = /\/(.*)[.]ya?ml$/.exec(fixture) ?? [];
    return importServices({
        files: [join(FOLDER, fixture)],
        running: [],
        project,
        declared: new Map([
            ["staff", { emailDomains: ["example.com"] }],
            ["developers", { emails: ["ada@example.com"] }],
            ["oncall", { emails: ["grace@example.com"] }],
            ["editors", { emails: ["ada@example.com"] }],
        ]),
        fallback: "staff",
        environment,
    });
}

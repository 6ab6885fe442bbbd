import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { preview } from "../../cli/engine/run.ts";
import { labelledService } from "../../cli/swarm/import/stackConfig.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { FIXTURES, imported } from "../swarm/import/support/fixtures.ts";
import { openEngineStack } from "./support/engineStack.ts";

it("turns Compose files of every family into stacks that preview cleanly and pass the pack", async () => {
    using opened = new DisposableStack();
    const folder = mkdtempSync(join(tmpdir(), "sallyport-imported-"));
    opened.defer(() => rmSync(folder, { recursive: true }));
    const hostnames: string[] = [];
    const all = FIXTURES.map((fixture) => {
        const { keys, translated } = imported(fixture);
        const exposed = translated.filter(({ labels }) => Object.keys(labels).length > 0);
        hostnames.push(...exposed.flatMap((one) => one.hostnames));
        const values = Object.entries(keys ?? {}).map(([key, value]) => [key.replace("sallyport:", ""), value]);
        const name = fixture.replace(/[^a-z0-9]+/g, "-").replace(/-ya?ml$/, "");
        return { name, values: Object.fromEntries(values), services: exposed.map(labelledService) };
    });
    const file = join(folder, "imported.json");
    writeFileSync(file, JSON.stringify(all));

    const under = opened.use(
        await openEngineStack(join(import.meta.dirname, "programs/imported"), {
            IMPORTED: file,
            CLOUDFLARE_API_TOKEN: "a-token-that-a-preview-does-not-use-0000",
        }),
    );
    const { violations, errors, steps } = await preview(under.stack, ["example.com"], silentProgress);
    const refusing = violations.filter(({ level }) => level === "mandatory");
    expect({ refusing, errors }).toEqual({ refusing: [], errors: [] });
    const records = steps.filter(({ type }) => type === "cloudflare:index/dnsRecord:DnsRecord");
    const published = records.map((step) => step.new?.inputs.name);
    expect(published.toSorted()).toEqual([...new Set(hostnames)].toSorted());
    expect(published.length).toBeGreaterThan(20);
});

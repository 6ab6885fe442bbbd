import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder } from "../connect/support/folder.ts";
import { sallyport } from "../support/cli.ts";
import { catalogued } from "./support/sources.ts";
import { standIn } from "./support/standIn.ts";

/** A home of its own. Nothing answers at `.invalid` names (RFC 6761), so access is unknown and no test waits for it. */
function laptop() {
    const files = folder();
    const orders = { ...catalogued, hostname: "orders.invalid" };
    const clusters = [orders, { ...orders, name: "zoo", hostname: "zoo.invalid", server: "https://10.0.0.2:6443" }];
    const catalogue = files.write("clusters.json", JSON.stringify({ version: 1, clusters }));
    const home = dirname(catalogue);
    const env = { SALLYPORT_HOME: join(home, "cache"), XDG_CONFIG_HOME: join(home, "config"), HOME: home };
    return {
        ...files,
        catalogue,
        configure(settings: string) {
            mkdirSync(join(home, "config", "sallyport"), { recursive: true });
            writeFileSync(join(home, "config", "sallyport", "kube.yaml"), settings);
        },
        kube: (...args: string[]) => sallyport(["kube", ...args], { env }),
        [Symbol.dispose]: () => files[Symbol.dispose](),
    };
}

describe("sallyport kube", () => {
    it("lists a catalogue's clusters, favourites first, and says when it could not ask", async () => {
        using here = laptop();
        const before = await here.kube("favourite", "add", "zoo");
        expect(before).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("run: sallyport kube discover") });
        expect(await here.kube("discover", "--catalogue", here.catalogue)).toMatchObject({ exitCode: 0 });
        expect(await here.kube("favourite", "add", "zoo")).toMatchObject({ exitCode: 0 });
        const { stdout, exitCode } = await here.kube("ls", "--json", "--catalogue", here.catalogue);
        expect(exitCode).toBe(0);
        expect(JSON.parse(String(stdout))).toMatchObject({
            clusters: [
                { name: "zoo", favourite: true, hostname: "zoo.invalid", access: "unknown" },
                { name: "orders", favourite: false, sources: [`catalogue ${here.catalogue}`], access: "unknown" },
            ],
            sources: [{ kind: "catalogue", answered: true, clusters: 2, problems: [] }],
        });
        const wrong = await here.kube("favourite", "rm", "orders", "zebra");
        expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("zebra: is not among them: zoo") });
        expect(await here.kube("favourite", "rm", "zoo")).toMatchObject({ exitCode: 0 });
        expect(await here.kube("favourite", "ls")).toMatchObject({ exitCode: 0, stdout: "" });
    });

    it("refuses with exit 2 where there is nowhere to look, or too much is asked", async () => {
        using here = laptop();
        expect(await here.kube("ls")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("kube.yaml") });
        const both = await here.kube("discover", "--stack", "prod", "--catalogue", here.catalogue);
        expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("each name the only source") });
    });

    it("ends with 3 where every source failed, at the limit and no later, also where one hangs", async () => {
        using here = laptop();
        await using hanging = await standIn({ "GET /clusters.json": { hangs: () => {} } });
        const settings = `limitSeconds: 1\nsources: [{ kind: catalogue, from: "${hanging.url}/clusters.json" }]`;
        here.configure(settings);
        expect(await here.kube("discover")).toMatchObject({
            exitCode: 3,
            stderr: expect.stringMatching(/no answer \(1\.\d s\)\n.*no answer within 1 s/),
        });
    });
});

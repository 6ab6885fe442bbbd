import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { folder } from "../connect/support/folder.ts";
import { sallyport } from "../support/cli.ts";
import { catalogued } from "./support/sources.ts";

/** A home of its own, in which nothing is connected. */
function laptop() {
    const files = folder();
    const catalogue = files.write("clusters.json", JSON.stringify({ version: 1, clusters: [catalogued] }));
    const home = dirname(catalogue);
    const env = {
        ...{ SALLYPORT_HOME: join(home, "cache"), XDG_CONFIG_HOME: join(home, "config"), HOME: home, KUBECONFIG: "" },
        ...{ CF_ACCESS_CLIENT_ID: "", CF_ACCESS_CLIENT_SECRET: "" },
    };
    return {
        ...files,
        kube: (...args: string[]) => sallyport(["kube", ...args], { env }),
        connect: (...args: string[]) => sallyport(["kube", "connect", ...args, "--catalogue", catalogue], { env }),
        [Symbol.dispose]: () => files[Symbol.dispose](),
    };
}

describe("sallyport kube, before anything is connected", () => {
    it("has no tunnel to show, to close or to switch to", async () => {
        using here = laptop();
        const [status, disconnected, used] = await Promise.all([
            here.kube("status", "--json"),
            here.kube("disconnect"),
            here.kube("use", "orders"),
        ]);
        expect(status).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"clusters": []') });
        expect(disconnected).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
        expect(used).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("sallyport kube connect orders") });
    });

    it("asks nobody for a name where nobody sits, and says how to write one", async () => {
        using here = laptop();
        expect(await here.connect()).toMatchObject({
            exitCode: 2,
            stderr: expect.stringContaining("name at least one: sallyport kube connect NAME"),
        });
    });

    it("tells every mistake at once, before anything is opened or written", async () => {
        using here = laptop();
        const { exitCode, stderr } = await here.connect(
            "zoo",
            "--local",
            "other=1",
            "--user",
            "bob",
            "--service-token",
            "/nowhere",
        );
        expect(exitCode).toBe(2);
        for (const argument of ["zoo", "--local other", "--user bob", "--service-token"]) {
            expect(stderr).toContain(`${argument}: `);
        }
    });

    it("leaves a kubeconfig alone that kubectl could not read either", async () => {
        using here = laptop();
        const file = here.write("broken", "clusters: [");
        const refused = await sallyport(
            ["kube", "connect", catalogued.name, "--catalogue", join(dirname(file), "clusters.json")],
            { env: { HOME: dirname(file), SALLYPORT_HOME: join(dirname(file), "cache"), KUBECONFIG: file } },
        );
        expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`${file} is not YAML`) });
    });
});
